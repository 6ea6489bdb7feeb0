-- Hides a conversation from the queues of work until a time, or until its customer writes; null ends that.
create or replace function snooze_conversation(p_conversation uuid, p_actor uuid, p_until timestamptz) returns jsonb
language plpgsql as $$
#variable_conflict use_column
declare
    v_conversation conversations := lock_conversation(p_conversation);
begin
    if v_conversation.id is null then
        return jsonb_build_object('verdict', 'no_conversation');
    elsif (select t.status from current_ticket(p_conversation) t) = 'closed' then
        return jsonb_build_object('verdict', 'ticket_closed');
    elsif p_until <= clock_timestamp() then
        return jsonb_build_object('verdict', 'past');
    end if;
    if v_conversation.snoozed_until is distinct from p_until then
        update conversations c set snoozed_until = p_until where c.id = p_conversation;
        perform record_audit(
            p_actor, case when p_until is null then 'conversation.snooze_ended' else 'conversation.snoozed' end,
            'conversation', p_conversation, p_conversation, jsonb_build_object('until', p_until));
    end if;
    return jsonb_build_object('verdict', 'done', 'state', desk_state(p_conversation));
end
$$;
