-- Writes an outbox row for each of these conversations that waits for the agent: it is active and has unanswered
-- inbound messages. The row points to the conversation and holds no customer text. Returns the number of rows.
--
-- "Waits" is written as a difference, so that the planner can't use the sweeper's partial index (see begin_turns).
create or replace function append_to_outbox(p_conversation uuid[]) returns bigint language plpgsql as $$
#variable_conflict use_column
declare
    v_count bigint;
begin
    insert into outbox (topic, key, payload, traceparent)
    select 'fte.tickets.incoming', c.id,
           jsonb_build_object('version', 1, 'conversation_id', c.id, 'channel', c.channel), c.traceparent
    from conversations c
    where c.id = any (p_conversation) and c.status = 'active' and c.last_inbound - c.answered_through > 0;
    get diagnostics v_count = row_count;
    return v_count;
end
$$;
