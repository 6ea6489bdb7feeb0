-- Writes an event for each of these finished turns.
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
