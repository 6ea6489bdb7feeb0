-- Makes the caller the owner of conversations that wait for the agent, and returns what their turns start from. A
-- conversation with nothing to answer, or that staff work on, is left as it is and has no row.
--
-- An unfinished turn is resumed if it covers the same messages; its steps are returned with it. A lease that ran out
-- under another owner counts as a crash of that owner's process, unless the database itself was down meanwhile, and
-- until that process shows that it lives: here, or when it finds its turn fenced.
--
-- "Something to answer" is a difference here, not a comparison, so that the planner can't use the sweeper's partial
-- index for a handful of ids: that index holds the whole backlog.
--
-- p_history is how many messages before the unanswered ones are returned. Acknowledgements of a delay are left out:
-- they answer nothing. What was withdrawn is left out too. Beside the text, a message has its files, whether it changed its sender's consent, and the reason
-- why it gets no automatic answer, if it is such a mail.
create or replace function begin_turns(
    p_conversation uuid[], p_turn uuid[], p_owner uuid[], p_lease interval, p_history bigint
)
returns table (
    conversation_id uuid, turn_id uuid, epoch bigint, covers bigint, channel text, crash_count smallint, faults smallint,
    ticket_id uuid, ticket_number bigint, subject text, category text, priority text, customer_name text,
    waited_ms bigint, messages jsonb, steps jsonb,
    language text, opted_out boolean, linking jsonb, recent_replies bigint, instruction text, account jsonb,
    traceparent text
) language plpgsql as $$
#variable_conflict use_column
declare
    v_ready uuid[];
    v_resumed uuid[];
begin
    perform from conversations c where c.id = any (p_conversation) order by c.id for no key update;

    v_ready := array(
        select c.id from conversations c
        where c.id = any (p_conversation) and c.status = 'active' and c.last_inbound - c.answered_through > 0);
    if cardinality(v_ready) = 0 then
        return;
    end if;

    v_resumed := array(
        select c.id from conversations c
        where c.id = any (v_ready) and c.current_turn is not null
          and exists (select from turns t
                      where t.id = c.current_turn and t.covers = c.last_inbound and t.ended_at is null));
    perform end_unfinished_turns(array(select r.id from unnest(v_ready) r (id) where r.id <> all (v_resumed)),
                                 'superseded');

    -- The new owner's epoch fences the former one; in one statement with the lease, because this row is written most.
    update conversations c
    set epoch = c.epoch + 1,
        crashed_owners = array_remove(case
            when c.lease_owner <> all (c.crashed_owners) and c.lease_until < clock_timestamp()
                 and pg_postmaster_start_time() < c.lease_until - p_lease
            then c.crashed_owners || c.lease_owner else c.crashed_owners end,
            p_owner[array_position(p_conversation, c.id)]),
        current_turn = case when c.id = any (v_resumed) then c.current_turn
                            else p_turn[array_position(p_conversation, c.id)] end,
        lease_owner = p_owner[array_position(p_conversation, c.id)],
        lease_until = clock_timestamp() + p_lease
    where c.id = any (v_ready);

    insert into turns (id, conversation_id, epoch, covers, owner, instruction)
    select c.current_turn, c.id, c.epoch, c.last_inbound, c.lease_owner, c.instruction
    from conversations c
    where c.id = any (v_ready) and c.id <> all (v_resumed);

    if cardinality(v_resumed) > 0 then
        update turns t
        set epoch = (select c.epoch from conversations c where c.id = t.conversation_id),
            owner = (select c.lease_owner from conversations c where c.id = t.conversation_id)
        where t.id = any (array(select c.current_turn from conversations c where c.id = any (v_resumed)));
    end if;

    return query
    select c.id, c.current_turn, c.epoch, c.last_inbound, c.channel,
           cardinality(c.crashed_owners)::smallint, c.faults,
           t.id, t.number, t.subject, t.category, t.priority,
           (select u.name from customers u where u.id = c.customer_id),
           (select (extract(epoch from clock_timestamp() - min(m.created_at)) * 1000)::bigint from messages m
            where m.conversation_id = c.id and m.seq > c.answered_through and m.direction = 'inbound'),
           (select jsonb_agg(jsonb_build_object(
                'role', m.role, 'text', m.content, 'at', m.created_at,
                'unanswered', m.direction = 'inbound' and m.answered_by is null,
                'consent', m.metadata ->> 'consent', 'unsupported', m.metadata ->> 'unsupported',
                'reason', case when m.channel = 'email' and m.direction = 'inbound' then (
                    select e.reason from message_emails e where e.message_id = m.id and not e.is_copy limit 1) end,
                'attachments', case when m.channel <> 'web_form' then (
                    select jsonb_agg(jsonb_build_object(
                        'content_type', coalesce(a.content_type, a.announced_type), 'size_bytes', a.size_bytes,
                        'state', a.state) order by a.position)
                    from attachments a where a.message_id = m.id) end) order by m.seq)
            from messages m
            where m.conversation_id = c.id and m.seq > c.answered_through - p_history and m.kind <> 'note'
              and (m.kind <> 'acknowledgement' or m.turn_id is not null)
              and (m.direction = 'inbound' or not is_withdrawn(m.id))),
           case when c.id = any (v_resumed) then
               (select jsonb_agg(s.content order by s.number) from turn_steps s where s.turn_id = c.current_turn)
           end,
           c.language,
           exists (select from opt_outs(c.customer_id, c.channel)),
           case when c.attested and c.channel = 'whatsapp' then linking_of(c.id, c.customer_id) end,
           case when c.channel = 'email' then recent_replies(c.id) else 0 end,
           c.instruction,
           case when c.proved then account_of(c.id, c.customer_id) end,
           c.traceparent
    from conversations c
    left join lateral current_ticket(c.id) t on true
    where c.id = any (v_ready);
end
$$;
