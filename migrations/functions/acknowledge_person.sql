-- The part of ask_for_person that writes the acknowledgement. On the web form the commit is the delivery, as in
-- write_replies. The caller has locked the conversation.
create or replace function acknowledge_person(p_conversation uuid, p_message uuid, p_delivery uuid, p_text text)
returns void language plpgsql as $$
#variable_conflict use_column
begin
    update conversations c set last_seq = c.last_seq + 1, last_message_at = now() where c.id = p_conversation;
    insert into messages (id, conversation_id, seq, channel, direction, role, kind, content)
    select p_message, c.id, c.last_seq, c.channel, 'outbound', 'agent', 'acknowledgement', p_text
    from conversations c where c.id = p_conversation;
    insert into deliveries (id, message_id, conversation_id, channel, state, requested_at, delivered_at)
    select p_delivery, p_message, c.id, c.channel,
           case when c.channel = 'web_form' then 'delivered' else 'pending' end,
           case when c.channel = 'web_form' then clock_timestamp() end,
           case when c.channel = 'web_form' then clock_timestamp() end
    from conversations c where c.id = p_conversation;
    if wants_events() then
        perform emit_outbound(array[p_message]);
    end if;
end
$$;
