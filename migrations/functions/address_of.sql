-- The address that the customer last wrote from in a conversation, on that channel, and the headers of that message
-- where it was a mail.
create or replace function address_of(p_conversation uuid, p_channel text)
returns table (kind text, value text, mail jsonb) language sql stable as $$
    select m.identifier_kind, m.identifier_value, m.metadata -> 'mail' from messages m
    where m.conversation_id = p_conversation and m.direction = 'inbound' and m.channel = p_channel
    order by m.seq desc limit 1
$$;
