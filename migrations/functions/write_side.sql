-- Puts another message of a side conversation with its files on the way, to the same recipients.
create or replace function write_side(
    p_side uuid, p_actor uuid, p_message uuid, p_text text, p_has_mail boolean,
    p_files uuid[] default '{}', p_max_bytes bigint default 0
) returns jsonb language plpgsql as $$
#variable_conflict use_column
declare
    v_side side_conversations;
    v_conversation conversations;
begin
    select s.* into v_side from side_conversations s where s.id = p_side;
    if v_side.id is null then
        return jsonb_build_object('verdict', 'no_side');
    end if;
    v_conversation := lock_conversation(v_side.conversation_id);
    if v_conversation.status = 'closed' and v_conversation.merged_into is null then
        return jsonb_build_object('verdict', 'ticket_closed');
    elsif not p_has_mail then
        return jsonb_build_object('verdict', 'no_mail');
    elsif are_customers(v_side.recipients) then
        return jsonb_build_object('verdict', 'is_customer');
    end if;
    insert into side_messages (id, side_id, staff_id, direction, content, state, due_at)
    values (p_message, p_side, p_actor, 'outbound', p_text, 'pending', now());
    if not attach_side_files(p_message, p_actor, p_files, p_max_bytes) then
        return jsonb_build_object('verdict', 'no_files');
    end if;
    perform record_audit(p_actor, 'side.written', 'side', p_side, v_side.conversation_id);
    insert into staff_events (kind, conversation_id, subject_id)
    values ('conversation', v_side.conversation_id, v_side.conversation_id);
    return jsonb_build_object('verdict', 'done', 'message_id', p_message);
end
$$;
