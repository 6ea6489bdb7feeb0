-- Resolves a ticket. The note that records it answers everything that the account had been shown; the assignee stays.
-- A resolved ticket in which nothing waits is left as it is.
create or replace function resolve_conversation(
    p_conversation uuid, p_actor uuid, p_note uuid, p_text text, p_seen uuid
) returns jsonb language plpgsql as $$
#variable_conflict use_column
declare
    v_conversation conversations := lock_conversation(p_conversation);
    v_status text := (select t.status from current_ticket(p_conversation) t);
    v_unseen uuid[] := unseen_messages(p_conversation, p_seen);
begin
    if v_conversation.id is null then
        return jsonb_build_object('verdict', 'no_conversation');
    elsif v_status = 'closed' then
        return jsonb_build_object('verdict', 'ticket_closed');
    elsif v_unseen is null then
        return jsonb_build_object('verdict', 'not_shown');
    elsif cardinality(v_unseen) > 0 then
        return jsonb_build_object('verdict', 'unseen_messages', 'unseen', to_jsonb(v_unseen));
    elsif v_status = 'resolved' and v_conversation.answered_through = v_conversation.last_inbound then
        return jsonb_build_object('verdict', 'done', 'state', desk_state(p_conversation));
    end if;
    perform withdraw_replies(p_conversation);
    perform fence(array[p_conversation], 'active');
    update conversations c
    set last_seq = c.last_seq + 1, answered_through = c.last_inbound, snoozed_until = null,
        crashed_owners = '{}', faults = 0
    where c.id = p_conversation;
    perform write_staff_message(p_conversation, p_actor, p_note, 'note', v_conversation.channel, p_text);
    update messages m set answered_by = p_note
    where m.conversation_id = p_conversation and m.direction = 'inbound' and m.answered_by is null;
    update tickets t set status = 'resolved', resolved_at = now(), reopened_from = null, updated_at = now()
    where t.conversation_id = p_conversation and t.status <> 'closed';
    perform tell_watchers(p_conversation, 'resolved', p_conversation, p_actor);
    perform record_audit(p_actor, 'conversation.resolved', 'conversation', p_conversation, p_conversation);
    return jsonb_build_object('verdict', 'done', 'state', desk_state(p_conversation));
end
$$;
