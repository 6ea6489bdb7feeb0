-- The part of finish_turns that moves the open tickets of these conversations, as the outcome of their turns says. A turn
-- that found nothing to answer in a message that had reopened its ticket ("thank you") restores the ticket as it was,
-- unless another message waits.
create or replace function move_tickets(p_ok uuid[], p_conversation uuid[], p_outcome text[], p_covers bigint[])
returns void language plpgsql as $$
#variable_conflict use_column
declare
    v_answered uuid[];
    v_silent uuid[];
begin
    v_answered := array(
        select f.conversation from unnest(p_conversation, p_outcome) f (conversation, outcome)
        where f.conversation = any (p_ok) and f.outcome <> 'silent');
    v_silent := array(
        select c.id from conversations c
        where c.id = any (p_ok) and c.id <> all (v_answered)
          and c.last_inbound = p_covers[array_position(p_conversation, c.id)]);

    update tickets t
    set status = case when p_outcome[array_position(p_conversation, t.conversation_id)] = 'escalate'
                      then 'escalated' else 'waiting_customer' end,
        reopened_from = null,
        updated_at = now()
    where t.conversation_id = any (v_answered) and t.status = 'open';

    update tickets t
    set status = case when t.reopened_from is null then 'waiting_customer' else 'resolved' end,
        resolved_at = t.reopened_from,
        reopened_from = null,
        updated_at = now()
    where t.conversation_id = any (v_silent) and t.status = 'open';
end
$$;
