-- Takes a reply of staff back before it leaves: its author, or p_any, has the conversation again, and what it had
-- answered waits again. Refused once anything of it is being sent, or once hands or the turn have changed.
create or replace function cancel_reply(p_message uuid, p_actor uuid, p_any boolean) returns jsonb
language plpgsql as $$
#variable_conflict use_column
declare
    v_conversation conversations;
    v_message messages;
    v_reply staff_messages;
    v_status text;
begin
    select m.* into v_message from messages m
    where m.id = p_message and m.role = 'staff' and m.kind = 'message';
    select r.* into v_reply from staff_messages r where r.message_id = p_message;
    if v_message.id is null or v_reply.message_id is null then
        return jsonb_build_object('verdict', 'no_message');
    elsif v_reply.staff_id <> p_actor and not p_any then
        return jsonb_build_object('verdict', 'forbidden');
    end if;
    v_conversation := lock_conversation(v_message.conversation_id);
    v_status := (select t.status from current_ticket(v_conversation.id) t);
    if exists (select from deliveries d
               where d.message_id = p_message
                 and (d.state not in ('pending', 'withdrawn') or d.unresolved_attempts > 0)) then
        return jsonb_build_object('verdict', 'already_sent');
    elsif v_status = 'closed' then
        return jsonb_build_object('verdict', 'ticket_closed');
    elsif v_conversation.epoch <> v_reply.epoch or v_conversation.assignee is distinct from v_reply.staff_id
          or not exists (select from deliveries d where d.message_id = p_message and d.state = 'pending') then
        return jsonb_build_object('verdict', 'changed');
    end if;

    update deliveries d set state = 'withdrawn', updated_at = now()
    where d.message_id = p_message and d.state = 'pending';
    update messages m set answered_by = null
    where m.conversation_id = v_conversation.id and m.answered_by = p_message;
    perform fence(array[v_conversation.id], 'escalated');
    update conversations c
    set assignee = v_reply.staff_id,
        answered_through = first_unanswered(c.id)
    where c.id = v_conversation.id;
    update tickets t
    set status = 'in_progress', resolved_at = null, reopened_from = null, updated_at = now()
    where t.conversation_id = v_conversation.id and t.status <> 'closed';
    perform restore_clocks(v_conversation.id);
    perform record_audit(p_actor, 'message.cancelled', 'message', p_message, v_conversation.id);
    return jsonb_build_object('verdict', 'done', 'state', desk_state(v_conversation.id), 'text', v_message.content);
end
$$;
