-- Writes a message of staff as the newest one of its locked conversation, whose last_seq counts it already. p_before is
-- the status that customers see until a reply is sent.
create or replace function write_staff_message(
    p_conversation uuid, p_actor uuid, p_message uuid, p_kind text, p_channel text, p_text text,
    p_before text default null
) returns void language plpgsql as $$
#variable_conflict use_column
begin
    insert into messages (id, conversation_id, seq, channel, direction, role, kind, content)
    select p_message, c.id, c.last_seq, p_channel, 'outbound', 'staff', p_kind, p_text
    from conversations c where c.id = p_conversation;
    insert into staff_messages (message_id, staff_id, epoch, status_before)
    select p_message, p_actor, c.epoch, p_before from conversations c where c.id = p_conversation;
end
$$;
