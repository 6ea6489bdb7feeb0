-- What a suggestion for staff starts from, in the columns of begin_turns: nothing is changed or owned. To
-- be answered are the customer's messages after the newest answer, or the newest one where all are answered. covers is
-- the number of the newest message.
create or replace function suggestion_context(p_conversation uuid, p_turn uuid, p_history bigint, p_instruction text)
returns table (
    conversation_id uuid, turn_id uuid, epoch bigint, covers bigint, channel text, crash_count smallint, faults smallint,
    ticket_id uuid, ticket_number bigint, subject text, category text, priority text, customer_name text,
    waited_ms bigint, messages jsonb, steps jsonb,
    language text, opted_out boolean, linking jsonb, recent_replies bigint, instruction text, account jsonb,
    traceparent text
) language sql stable as $$
    select c.id, p_turn, c.epoch, c.last_seq, c.channel, 0::smallint, 0::smallint,
           t.id, t.number, t.subject, t.category, t.priority,
           (select u.name from customers u where u.id = c.customer_id), 0::bigint,
           (select jsonb_agg(jsonb_build_object(
                'role', m.role, 'text', m.content, 'at', m.created_at,
                'unanswered', m.direction = 'inbound' and m.seq > least(a.seq, c.last_inbound - 1),
                'consent', null, 'unsupported', m.metadata ->> 'unsupported', 'reason', null,
                'attachments', case when m.channel <> 'web_form' then (
                    select jsonb_agg(jsonb_build_object(
                        'content_type', coalesce(f.content_type, f.announced_type), 'size_bytes', f.size_bytes,
                        'state', f.state) order by f.position)
                    from attachments f where f.message_id = m.id) end) order by m.seq)
            from messages m
            where m.conversation_id = c.id and m.seq > c.last_seq - p_history and m.kind = 'message'
              and (m.direction = 'inbound' or not is_withdrawn(m.id))),
           null::jsonb, c.language, false, null::jsonb, 0::bigint, p_instruction,
           case when c.proved then account_of(c.id, c.customer_id) end, null::text
    from conversations c
    cross join lateral current_ticket(c.id) t
    cross join lateral (
        select coalesce(max(m.seq), 0) as seq from messages m
        where m.conversation_id = c.id and m.direction = 'outbound' and m.kind = 'message'
          and not is_withdrawn(m.id)) a
    where c.id = p_conversation and c.last_inbound > 0
$$;
