-- Writes an event for each of these messages to customers; notes are for staff alone.
create or replace function emit_outbound(p_message uuid[]) returns void language sql as $$
    insert into outbox (topic, key, payload)
    select 'fte.channels.' || m.channel || '.outbound', m.conversation_id,
           jsonb_build_object('version', 1, 'message_id', m.id, 'conversation_id', m.conversation_id,
                              'channel', m.channel, 'seq', m.seq, 'role', m.role, 'kind', m.kind,
                              'turn_id', m.turn_id, 'at', rfc3339(m.created_at))
    from messages m
    where m.id = any (p_message) and m.direction = 'outbound' and m.kind <> 'note'
    order by m.conversation_id, m.seq
$$;
