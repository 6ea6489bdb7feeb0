-- Gives a parked message to the bot once more: what its turn had settled waits again, and the conversation is the bot's.
-- Refused where staff have replied since.
create or replace function retry_parked(p_parked uuid, p_actor uuid) returns jsonb language plpgsql as $$
#variable_conflict use_column
declare
    v_parked dead_letters;
    v_conversation conversations;
begin
    select l.* into v_parked from dead_letters l where l.id = p_parked and l.ended_at is null;
    if not found then
        return jsonb_build_object('verdict', 'no_parked');
    end if;
    v_conversation := lock_conversation(v_parked.conversation_id);
    if exists (select from dead_letters l where l.id = p_parked and l.ended_at is not null) then
        return jsonb_build_object('verdict', 'no_parked');
    elsif v_conversation.status = 'closed' then
        return jsonb_build_object('verdict', 'ticket_closed');
    elsif exists (select from messages m
                  where m.conversation_id = v_conversation.id and m.role = 'staff' and m.kind = 'message'
                    and m.created_at > v_parked.created_at and not is_withdrawn(m.id)) then
        return jsonb_build_object('verdict', 'answered');
    end if;
    update dead_letters l set ended_by = p_actor, ended_at = now() where l.id = p_parked;
    update messages m set answered_by = null
    where m.conversation_id = v_conversation.id and m.answered_by = v_parked.turn_id;
    perform fence(array[v_conversation.id], 'active');
    update conversations c
    set assignee = null, crashed_owners = '{}', faults = 0, answered_through = first_unanswered(c.id)
    where c.id = v_conversation.id;
    update tickets t
    set status = case when exists (select from conversations c
                                   where c.id = v_conversation.id and c.answered_through < c.last_inbound)
                      then 'open' else 'waiting_customer' end,
        resolved_at = null, reopened_from = null, updated_at = now()
    where t.conversation_id = v_conversation.id and t.status <> 'closed';
    perform append_to_outbox(array[v_conversation.id]);
    perform record_audit(p_actor, 'parked.retried', 'parked', p_parked, v_conversation.id);
    return jsonb_build_object('verdict', 'done', 'state', desk_state(v_conversation.id));
end
$$;
