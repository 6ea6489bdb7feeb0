-- Takes a conversation from its assignee; it stays in human hands and waits for staff again. p_any: admins may release
-- those of others.
create or replace function release_conversation(p_conversation uuid, p_actor uuid, p_any boolean) returns jsonb
language plpgsql as $$
#variable_conflict use_column
declare
    v_conversation conversations := lock_conversation(p_conversation);
    v_status text := (select t.status from current_ticket(p_conversation) t);
begin
    if v_conversation.id is null then
        return jsonb_build_object('verdict', 'no_conversation');
    elsif v_status = 'closed' then
        return jsonb_build_object('verdict', 'ticket_closed');
    elsif v_conversation.status <> 'escalated' then
        return jsonb_build_object('verdict', 'not_in_human_hands');
    elsif v_conversation.assignee <> p_actor and not p_any then
        return jsonb_build_object('verdict', 'claimed', 'assignee', person(v_conversation.assignee));
    end if;
    if v_conversation.assignee is not null then
        update conversations c set assignee = null, takeover = null where c.id = p_conversation;
        update tickets t set status = 'escalated', updated_at = now()
        where t.conversation_id = p_conversation and t.status = 'in_progress';
        perform record_audit(p_actor, 'conversation.released', 'conversation', p_conversation, p_conversation,
                             jsonb_build_object('before', v_conversation.assignee));
    end if;
    return jsonb_build_object('verdict', 'done', 'state', desk_state(p_conversation));
end
$$;
