-- Opens a side conversation with third parties, none of whom may be a customer, and puts its first message with its files on
-- the way.
create or replace function open_side(
    p_conversation uuid, p_actor uuid, p_side uuid, p_message uuid, p_to text[], p_subject text, p_text text,
    p_has_mail boolean, p_files uuid[] default '{}', p_max_bytes bigint default 0
) returns jsonb language plpgsql as $$
#variable_conflict use_column
declare
    v_conversation conversations := lock_conversation(p_conversation);
begin
    if v_conversation.id is null then
        return jsonb_build_object('verdict', 'no_conversation');
    elsif v_conversation.status = 'closed' then
        return jsonb_build_object('verdict', 'ticket_closed');
    elsif not p_has_mail then
        return jsonb_build_object('verdict', 'no_mail');
    elsif are_customers(p_to) then
        return jsonb_build_object('verdict', 'is_customer');
    end if;
    insert into side_conversations (id, conversation_id, staff_id, subject, recipients)
    values (p_side, p_conversation, p_actor, p_subject, p_to);
    insert into side_messages (id, side_id, staff_id, direction, content, state, due_at)
    values (p_message, p_side, p_actor, 'outbound', p_text, 'pending', now());
    if not attach_side_files(p_message, p_actor, p_files, p_max_bytes) then
        return jsonb_build_object('verdict', 'no_files');
    end if;
    perform record_audit(p_actor, 'side.opened', 'side', p_side, p_conversation);
    insert into staff_events (kind, conversation_id, subject_id)
    values ('conversation', p_conversation, p_conversation);
    return jsonb_build_object('verdict', 'done', 'side_id', p_side);
end
$$;
