-- What reports say of each conversation that began in a range of days (UTC, inclusive): every figure, and every list of
-- the conversations behind one, is derived from these rows (docs/reports.md has the definitions).
--
-- An answer is a public message that is no acknowledgement and was neither withdrawn nor failed everywhere. A customer's
-- message that a silent turn left without an answer (thanks, an absence note) is no contact. A resolution is durable after
-- p_durable_after without contact.
create or replace function report_facts(p_from date, p_to date, p_durable_after interval) returns table (
    conversation_id uuid, channel text, day date, created_at timestamptz, answer_ms bigint, resolution text,
    reason text, is_durable boolean, is_reopened boolean, score smallint, sentiment real, cost_micros bigint,
    lacks_source boolean
) language sql stable as $$
    select c.id, c.channel, (c.created_at at time zone 'UTC')::date, c.created_at,
           round(extract(epoch from answer.created_at - question.created_at) * 1000)::bigint,
           case when c.human_at is null and handed.reason is null then 'autonomous'
                when said.is_assisted then 'assisted'
                when handed.reason is not null then 'handed_off'
                else 'taken_over' end,
           handed.reason,
           coalesce(
               t.status in ('resolved', 'closed') and t.resolved_at + p_durable_after <= now()
               and not exists (
                   select from conversations o join messages m on m.conversation_id = o.id
                   where o.customer_id = c.customer_id and m.direction = 'inbound'
                     and m.created_at > t.resolved_at and m.created_at < t.resolved_at + p_durable_after
                     and not exists (select from turns u where u.id = m.answered_by and u.outcome = 'silent')),
               false),
           coalesce(t.reopenings > 0, false),
           (select r.score from ticket_ratings r where r.ticket_id = t.id),
           c.sentiment, c.cost_micros,
           exists (select from escalations e where e.conversation_id = c.id and e.reason = 'no_answer')
           -- With a limit, so that no plan reads the messages of all conversations for it.
           or coalesce((select true from messages m
                        where m.conversation_id = c.id and m.role = 'agent' and m.kind = 'message'
                          and coalesce(m.sources, '[]') = '[]'
                          and m.tool_calls @> '[{"name": "search_knowledge_base"}]' limit 1), false)
    from conversations c
    left join lateral current_ticket(c.id) t on true
    left join lateral (
        select m.created_at from messages m
        where m.conversation_id = c.id and m.direction = 'inbound' and m.seq is not null
        order by m.seq limit 1) question on true
    left join lateral (
        select m.created_at from messages m
        where m.conversation_id = c.id and m.direction = 'outbound' and m.kind = 'message' and m.seq is not null
          and not coalesce((select bool_and(d.state in ('withdrawn', 'failed')) from deliveries d
                            where d.message_id = m.id), false)
        order by m.seq limit 1) answer on true
    left join lateral (
        select m.kind = 'message' and (m.role = 'agent' or s.suggestion_id is not null) as is_assisted
        from messages m left join staff_messages s on s.message_id = m.id
        where m.conversation_id = c.id and m.direction = 'outbound' and m.kind <> 'note' and m.seq is not null
          and not coalesce((select bool_and(d.state in ('withdrawn', 'failed')) from deliveries d
                            where d.message_id = m.id), false)
        order by m.seq desc limit 1) said on true
    left join lateral (
        select e.reason from escalations e where e.conversation_id = c.id
        order by e.created_at, e.id limit 1) handed on true
    where c.created_at >= p_from::timestamp at time zone 'UTC'
      and c.created_at < (p_to + 1)::timestamp at time zone 'UTC'
$$;
