-- The part of finish_turns that writes the outbound messages and their deliveries. On the web form the commit is the
-- delivery: the reply shows on its ticket's page from then on. The replies of staff wait there until they can no longer be
-- taken back (publish_web_replies).
create or replace function write_replies(
    p_ok uuid[], p_conversation uuid[], p_turn uuid[], p_outcome text[], p_content text[], p_sources jsonb[],
    p_tools jsonb[], p_model text[], p_prompt text[], p_tokens_in integer[], p_tokens_out integer[],
    p_latency integer[], p_message uuid[], p_delivery uuid[], p_traceparent text[]
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

    insert into deliveries (id, message_id, conversation_id, channel, state, requested_at, delivered_at, traceparent)
    select f.delivery, f.message, f.conversation, c.channel,
           case when c.channel = 'web_form' then 'delivered' else 'pending' end,
           case when c.channel = 'web_form' then clock_timestamp() end,
           case when c.channel = 'web_form' then clock_timestamp() end,
           p_traceparent[array_position(p_conversation, f.conversation)]
    from unnest(p_conversation, p_content, p_message, p_delivery) f (conversation, content, message, delivery)
    cross join lateral (select c.channel from conversations c where c.id = f.conversation offset 0) c
    where f.conversation = any (p_ok) and f.content is not null;
end
$$;
