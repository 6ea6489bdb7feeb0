-- Writes an event for each of these escalations.
create or replace function emit_escalations(p_escalation uuid[]) returns void language sql as $$
    insert into outbox (topic, key, payload)
    select 'fte.escalations', e.conversation_id,
           jsonb_build_object('version', 1, 'escalation_id', e.id, 'conversation_id', e.conversation_id,
                              'turn_id', e.turn_id, 'channel', c.channel, 'reason', e.reason,
                              'severity', e.severity, 'at', rfc3339(e.created_at))
    from escalations e
    cross join lateral (select channel from conversations where id = e.conversation_id offset 0) c
    where e.id = any (p_escalation)
$$;
