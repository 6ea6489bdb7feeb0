-- Events for other teams, written in the transaction of what they tell of and handed on by the relay. They point to the
-- records and hold no customer text; docs/events.md says what is in them.

-- Whether anybody reads them: the program says so for its connections where Kafka is configured, by `on`, or by
-- `written` where it leaves it to others to hand them on.
create or replace function wants_events() returns boolean language sql stable as $$
    select coalesce(current_setting('fte.events', true), '') in ('on', 'written')
$$;

-- Whether whoever asks hands on the events of all topics, to Kafka; else only work, to a pool of its own.
create or replace function hands_on_events() returns boolean language sql stable as $$
    select coalesce(current_setting('fte.events', true), '') = 'on'
$$;

-- A time as RFC 3339 has it.
create or replace function rfc3339(p_at timestamptz) returns text language sql stable as $$
    select to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

-- Customers' messages that were stored.
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

-- Messages to customers that came to exist; notes are for staff alone.
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

-- Conversations that went into human hands.
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

-- Messages that were set aside.
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

-- Turns that have ended with a decision.
create or replace function emit_metrics(p_turn uuid[]) returns void language sql as $$
    insert into outbox (topic, key, payload)
    select 'fte.metrics', a.conversation_id,
           jsonb_build_object('version', 1, 'turn_id', a.turn_id, 'conversation_id', a.conversation_id,
                              'channel', a.channel, 'outcome', a.outcome, 'latency_ms', a.latency_ms,
                              'model', a.model, 'model_calls', a.model_calls, 'tokens_in', a.tokens_in,
                              'tokens_out', a.tokens_out, 'at', rfc3339(a.created_at))
    from agent_metrics a
    where a.turn_id = any (p_turn)
$$;
