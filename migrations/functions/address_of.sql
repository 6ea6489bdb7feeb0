-- The address that the customer last wrote from in a conversation, on that channel.
create or replace function address_of(p_conversation uuid, p_channel text) returns text language sql stable as $$
    select m.identifier_value from messages m
    where m.conversation_id = p_conversation and m.direction = 'inbound' and m.channel = p_channel
    order by m.seq desc limit 1
$$;
