-- Reopens a resolved ticket for the account that asks.
create or replace function reopen_conversation(p_conversation uuid, p_actor uuid) returns jsonb language plpgsql as $$
#variable_conflict use_column
declare
    v_conversation conversations := lock_conversation(p_conversation);
    v_status text := (select t.status from current_ticket(p_conversation) t);
    v_receipt jsonb;
begin
    if v_conversation.id is null then
        return jsonb_build_object('verdict', 'no_conversation');
    elsif v_status = 'closed' then
        return jsonb_build_object('verdict', 'ticket_closed');
    elsif v_status <> 'resolved' then
        return jsonb_build_object('verdict', 'not_resolved');
    end if;
    v_receipt := take_over(p_conversation);
    update conversations c set assignee = p_actor where c.id = p_conversation;
    update tickets t
    set status = 'in_progress', resolved_at = null, reopened_from = null, updated_at = now()
    where t.conversation_id = p_conversation and t.status = 'resolved';
    perform record_audit(p_actor, 'conversation.reopened', 'conversation', p_conversation, p_conversation);
    return jsonb_build_object('verdict', 'done', 'state', desk_state(p_conversation), 'receipt', v_receipt);
end
$$;
