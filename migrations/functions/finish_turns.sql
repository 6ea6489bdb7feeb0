-- The only place where a reply comes to exist. Each conversation occurs once in a batch.
--
-- Whether a turn may write is decided on columns of the locked conversation alone (PROTOCOL.md 1.3). A turn that
-- had committed before, whose answer was lost, is found by its id and gets the same answer again.
--
-- p_link is null where no turn of the batch has to do with linking.
--
-- The sentiment of a conversation is a trend: the newest turn counts two fifths, all before it three.
drop function if exists finish_turns(
    uuid[], uuid[], bigint[], bigint[], boolean[], text[], text[], jsonb[], jsonb[], text[], text[], integer[],
    integer[], integer[], integer[], text[], text[], text[], text[], uuid[], uuid[], uuid[], bigint[], real[]);
create or replace function finish_turns(
    p_conversation uuid[], p_turn uuid[], p_epoch bigint[], p_covers bigint[], p_insists boolean[],
    p_outcome text[], p_content text[], p_sources jsonb[], p_tools jsonb[], p_model text[], p_prompt text[],
    p_calls integer[], p_tokens_in integer[], p_tokens_out integer[], p_latency integer[],
    p_reason text[], p_severity text[], p_summary text[], p_dead_letter text[],
    p_message uuid[], p_delivery uuid[], p_escalation uuid[], p_cost bigint[], p_sentiment real[],
    p_link jsonb[] default null
) returns table (conversation_id uuid, verdict text, more boolean) language plpgsql as $$
#variable_conflict use_column
declare
    v_verdict text[];
    v_ok uuid[];
begin
    perform from conversations c where c.id = any (p_conversation) order by c.id for no key update;

    v_verdict := array(
        select (select case
                    when c.settled_through >= f.covers and exists (
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

    if cardinality(v_ok) > 0 then
        update conversations c
        set last_seq = c.last_seq
                       + case when p_content[array_position(p_conversation, c.id)] is null then 0 else 1 end,
            settled_through = p_covers[array_position(p_conversation, c.id)],
            status = case when p_outcome[array_position(p_conversation, c.id)] = 'escalate'
                          then 'escalated' else c.status end,
            current_turn = null, lease_owner = null, lease_until = null, deaths = 0, faults = 0,
            sentiment = coalesce((coalesce(c.sentiment, p_sentiment[array_position(p_conversation, c.id)]) * 0.6
                                  + p_sentiment[array_position(p_conversation, c.id)] * 0.4)::real, c.sentiment),
            last_message_at = now()
        where c.id = any (v_ok);

        update messages m
        set answered_by = p_turn[array_position(p_conversation, m.conversation_id)],
            sentiment = coalesce(p_sentiment[array_position(p_conversation, m.conversation_id)], m.sentiment)
        where m.conversation_id = any (v_ok) and m.direction = 'inbound' and m.answered_by is null
          and m.seq <= p_covers[array_position(p_conversation, m.conversation_id)];

        if p_link is not null then
            perform settle_links(v_ok, p_conversation, p_turn, p_link);
        end if;

        perform write_replies(v_ok, p_conversation, p_turn, p_outcome, p_content, p_sources, p_tools, p_model,
                              p_prompt, p_tokens_in, p_tokens_out, p_latency, p_message, p_delivery);

        update tickets t
        set status = case when p_outcome[array_position(p_conversation, t.conversation_id)] = 'escalate'
                          then 'escalated' else 'waiting_customer' end,
            updated_at = now()
        where t.conversation_id = any (v_ok) and t.status = 'open';

        update turns t
        set outcome = p_outcome[array_position(p_turn, t.id)], ended_at = clock_timestamp()
        where t.id = any (p_turn) and t.conversation_id = any (v_ok);

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

        insert into outbox (topic, key, payload)
        select 'fte.tickets.incoming', c.id,
               jsonb_build_object('version', 1, 'conversation_id', c.id, 'channel', c.channel)
        from conversations c
        where c.id = any (v_ok) and c.status = 'active' and c.last_inbound - c.settled_through > 0;

        if wants_events() then
            perform emit_turns(array_positions(v_verdict, 'ok'), p_turn, p_message, p_escalation);
        end if;
    end if;

    return query
    select f.conversation,
           case when f.verdict = 'ok' then 'committed' else coalesce(f.verdict, 'fenced') end,
           (select c.status = 'active' and c.last_inbound - c.settled_through > 0
            from conversations c where c.id = f.conversation)
    from unnest(p_conversation, v_verdict) f (conversation, verdict);
end
$$;

-- The part of finish_turns that tells others of the turns at these places of the batch.
create or replace function emit_turns(p_at integer[], p_turn uuid[], p_message uuid[], p_escalation uuid[])
returns void language plpgsql as $$
begin
    perform emit_outbound(array(select p_message[i] from unnest(p_at) i));
    perform emit_escalations(array(select p_escalation[i] from unnest(p_at) i));
    perform emit_dead_letters(array(select p_escalation[i] from unnest(p_at) i));
    perform emit_metrics(array(select p_turn[i] from unnest(p_at) i));
end
$$;

-- The part of finish_turns that writes the outbound messages and puts them on their way.
create or replace function write_replies(
    p_ok uuid[], p_conversation uuid[], p_turn uuid[], p_outcome text[], p_content text[], p_sources jsonb[],
    p_tools jsonb[], p_model text[], p_prompt text[], p_tokens_in integer[], p_tokens_out integer[],
    p_latency integer[], p_message uuid[], p_delivery uuid[]
) returns void language plpgsql as $$
#variable_conflict use_column
begin
    insert into messages (id, conversation_id, seq, channel, direction, role, kind, content, turn_id, sources,
                          tool_calls, model, prompt_version, tokens, latency_ms)
    select f.message, f.conversation, c.last_seq, c.channel, 'outbound', 'agent',
           case when f.outcome = 'escalate' then 'acknowledgement' else 'message' end,
           f.content, f.turn, f.sources, f.tools, f.model, f.prompt, f.tokens_in + f.tokens_out, f.latency
    from unnest(p_conversation, p_turn, p_outcome, p_content, p_sources, p_tools, p_model, p_prompt,
                p_tokens_in, p_tokens_out, p_latency, p_message)
         f (conversation, turn, outcome, content, sources, tools, model, prompt, tokens_in, tokens_out, latency,
            message)
    cross join lateral (select c.last_seq, c.channel from conversations c where c.id = f.conversation offset 0) c
    where f.conversation = any (p_ok) and f.content is not null;

    insert into deliveries (id, message_id, conversation_id, channel)
    select f.delivery, f.message, f.conversation,
           (select c.channel from conversations c where c.id = f.conversation)
    from unnest(p_conversation, p_content, p_message, p_delivery) f (conversation, content, message, delivery)
    where f.conversation = any (p_ok) and f.content is not null;
end
$$;
