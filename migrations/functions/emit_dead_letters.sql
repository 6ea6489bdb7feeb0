-- Writes an event for each of these dead letters.
create or replace function emit_dead_letters(p_dead_letter uuid[]) returns void language sql as $$
    insert into outbox (topic, key, payload)
    select 'fte.dlq', d.conversation_id,
           jsonb_build_object('version', 1, 'dead_letter_id', d.id, 'conversation_id', d.conversation_id,
                              'turn_id', d.turn_id, 'channel', c.channel, 'reason', d.reason,
                              'at', rfc3339(d.created_at))
    from dead_letters d
    cross join lateral (select channel from conversations where id = d.conversation_id offset 0) c
    where d.id = any (p_dead_letter)
$$;
