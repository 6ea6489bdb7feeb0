-- Writes an event for each of these inbound messages. Events point to records and hold no customer text.
create or replace function emit_inbound(p_message uuid[]) returns void language sql as $$
    insert into outbox (topic, key, payload)
    select 'fte.channels.' || m.channel || '.inbound', m.conversation_id,
           jsonb_build_object('version', 1, 'message_id', m.id, 'conversation_id', m.conversation_id,
                              'channel', m.channel, 'seq', m.seq, 'attested', m.attested,
                              'at', rfc3339(m.created_at))
    from messages m
    where m.id = any (p_message) and m.direction = 'inbound'
    order by m.conversation_id, m.seq
$$;
