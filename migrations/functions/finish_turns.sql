-- Ends turns with a decision: the only place where a reply is written. Each conversation occurs once in a batch.
--
-- Columns of the locked conversation alone decide whether a turn may write (PROTOCOL.md 1.3). A turn that had
-- committed before, and whose answer was lost, is found by its id and gets the same answer again.
--
-- p_link is null where no turn of the batch has to do with linking, and p_traceparent where none belongs to a trace.
create or replace function finish_turns(
    p_conversation uuid[], p_turn uuid[], p_epoch bigint[], p_covers bigint[], p_insists boolean[],
    p_outcome text[], p_content text[], p_sources jsonb[], p_tools jsonb[], p_model text[], p_prompt text[],
    p_calls integer[], p_tokens_in integer[], p_tokens_out integer[], p_latency integer[],
    p_reason text[], p_severity text[], p_summary text[], p_dead_letter text[],
    p_message uuid[], p_delivery uuid[], p_escalation uuid[], p_cost bigint[], p_sentiment real[],
    p_link jsonb[], p_code_lifetime interval, p_traceparent text[] default null
) returns table (conversation_id uuid, verdict text, more boolean) language plpgsql as $$
#variable_conflict use_column
declare
    v_verdict text[];
    v_ok uuid[];        -- conversations whose turn may write
    v_finished uuid[];  -- those turns
begin
    perform from conversations c where c.id = any (p_conversation) order by c.id for no key update;

    v_verdict := array(
        select (select case
                    when c.answered_through >= f.covers and exists (
                        select from turns t where t.id = f.turn and t.outcome is not null) then 'committed'
                    when c.epoch <> f.epoch then 'fenced'
                    when c.status <> 'active' then 'taken_over'
                    when c.last_inbound <> f.covers and not f.insists then 'newer'
                    else 'ok' end
                from conversations c where c.id = f.conversation)
        from unnest(p_conversation, p_turn, p_epoch, p_covers, p_insists)
             with ordinality f (conversation, turn, epoch, covers, insists, ord)
        order by f.ord);
    v_ok := array(
        select f.conversation from unnest(p_conversation, v_verdict) f (conversation, verdict) where f.verdict = 'ok');
    v_finished := array(
        select f.turn from unnest(p_turn, v_verdict) f (turn, verdict) where f.verdict = 'ok');

    if cardinality(v_ok) > 0 then
        update conversations c
        set last_seq = c.last_seq
                       + case when p_content[array_position(p_conversation, c.id)] is null then 0 else 1 end,
            answered_through = p_covers[array_position(p_conversation, c.id)],
            status = case when p_outcome[array_position(p_conversation, c.id)] = 'escalate'
                          then 'escalated' else c.status end,
            instruction = case when p_outcome[array_position(p_conversation, c.id)] = 'escalate'
                               then null else c.instruction end,
            current_turn = null, lease_owner = null, lease_until = null, crashed_owners = '{}', faults = 0,
            traceparent = case when c.last_inbound > p_covers[array_position(p_conversation, c.id)]
                               then c.traceparent end,
            sentiment = blend_sentiment(c.sentiment, p_sentiment[array_position(p_conversation, c.id)]),
            last_message_at = now()
        where c.id = any (v_ok);

        update messages m
        set answered_by = p_turn[array_position(p_conversation, m.conversation_id)],
            sentiment = coalesce(p_sentiment[array_position(p_conversation, m.conversation_id)], m.sentiment)
        where m.conversation_id = any (v_ok) and m.direction = 'inbound' and m.answered_by is null
          and m.seq <= p_covers[array_position(p_conversation, m.conversation_id)];

        if p_link is not null then
            perform apply_link_steps(v_ok, p_conversation, p_turn, p_link, p_code_lifetime);
        end if;

        perform write_replies(v_ok, p_conversation, p_turn, p_outcome, p_content, p_sources, p_tools, p_model,
                              p_prompt, p_tokens_in, p_tokens_out, p_latency, p_message, p_delivery,
                              p_traceparent);

        perform move_tickets(v_ok, p_conversation, p_outcome, p_covers);

        update turns t
        set outcome = p_outcome[array_position(p_turn, t.id)], state = 'committed', ended_at = clock_timestamp()
        where t.id = any (v_finished);

        insert into escalations (id, conversation_id, turn_id, reason, severity, summary)
        select f.escalation, f.conversation, f.turn, f.reason, f.severity, f.summary
        from unnest(p_conversation, p_turn, p_escalation, p_reason, p_severity, p_summary)
             f (conversation, turn, escalation, reason, severity, summary)
        where f.conversation = any (v_ok) and f.reason is not null;

        insert into dead_letters (id, conversation_id, turn_id, reason)
        select f.escalation, f.conversation, f.turn, f.reason
        from unnest(p_conversation, p_turn, p_escalation, p_dead_letter) f (conversation, turn, escalation, reason)
        where f.conversation = any (v_ok) and f.reason is not null;

        insert into agent_metrics (turn_id, conversation_id, channel, outcome, latency_ms, model, model_calls,
                                   tokens_in, tokens_out, cost_micros)
        select f.turn, f.conversation, (select c.channel from conversations c where c.id = f.conversation),
               f.outcome, f.latency, f.model, f.calls, f.tokens_in, f.tokens_out, f.cost
        from unnest(p_conversation, p_turn, p_outcome, p_latency, p_model, p_calls, p_tokens_in, p_tokens_out, p_cost)
             f (conversation, turn, outcome, latency, model, calls, tokens_in, tokens_out, cost)
        where f.conversation = any (v_ok);

        perform append_to_outbox(v_ok);
        if wants_events() then
            perform emit_turns(array_positions(v_verdict, 'ok'), p_turn, p_message, p_escalation);
        end if;
    end if;

    return query
    select f.conversation,
           case when f.verdict = 'ok' then 'committed' else coalesce(f.verdict, 'fenced') end,
           (select c.status = 'active' and c.last_inbound - c.answered_through > 0
            from conversations c where c.id = f.conversation)
    from unnest(p_conversation, v_verdict) f (conversation, verdict);
end
$$;
