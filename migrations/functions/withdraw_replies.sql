-- Withdraws the bot's replies that have not left a locked conversation (PROTOCOL.md 4.5). Returns their deliveries.
create or replace function withdraw_replies(p_conversation uuid) returns uuid[] language plpgsql as $$
#variable_conflict use_column
declare
    v_pending uuid[];
begin
    v_pending := array(
        select d.id from deliveries d join messages m on m.id = d.message_id
        where d.conversation_id = p_conversation and d.state = 'pending' and m.role = 'agent'
        order by d.id for no key update of d);
    update deliveries d set state = 'withdrawn', updated_at = now() where d.id = any (v_pending);
    return v_pending;
end
$$;
