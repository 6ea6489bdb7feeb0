-- Leases replies of a channel that may be sent now: one per conversation, because a later reply waits until every
-- earlier one has left the states pending and sending (PROTOCOL.md 6.1).
--
-- A token bucket limits all processes together to p_per_second, with at most a second's worth at once. If nothing is
-- to be sent, the bucket's row is not touched. Without a rate there is no limit.
create or replace function lease_deliveries(
    p_channel text, p_limit bigint, p_lease interval, p_per_second double precision default null
)
returns table (
    delivery_id uuid, attempt smallint, content text, is_whole boolean, address_kind text, address text,
    opted_out boolean, is_confirmation boolean, silent_ms bigint, customer_name text, ticket_number bigint, mail jsonb,
    traceparent text
) language plpgsql as $$
#variable_conflict use_column
declare
    v_leased uuid[];
    v_room double precision := greatest(p_per_second, 1);
    v_tokens double precision;
begin
    v_leased := array(
        select d.id from deliveries d
        where d.channel = p_channel and d.state = 'pending'
          and (d.not_before is null or d.not_before <= clock_timestamp())
          and not exists (
              select from deliveries e
              where e.conversation_id = d.conversation_id and e.channel = p_channel and e.channel <> 'web_form'
                and e.state in ('pending', 'sending') and e.id <> d.id
                and ((select m.seq from messages m where m.id = e.message_id), e.part)
                    < ((select m.seq from messages m where m.id = d.message_id), d.part))
        order by d.created_at, d.id limit p_limit for no key update skip locked);
    if cardinality(v_leased) = 0 then
        return;
    end if;

    if p_per_second is not null then
        perform from sender_rates r where r.channel = p_channel for no key update;
        select case when isfinite(r.filled_at) then
                   least(v_room, r.tokens + p_per_second
                                 * greatest(extract(epoch from clock_timestamp() - r.filled_at)::double precision, 0))
               else v_room end
        into v_tokens from sender_rates r where r.channel = p_channel;
        v_leased := v_leased[1:floor(v_tokens)::integer];
        if cardinality(v_leased) = 0 then
            return;
        end if;
        update sender_rates r set tokens = v_tokens - cardinality(v_leased), filled_at = clock_timestamp()
        where r.channel = p_channel;
    end if;

    -- What a customer's newest mail says of recipients is kept: a later mail may say otherwise.
    update deliveries d
    set state = 'sending', attempts = d.attempts + 1, requested_at = clock_timestamp(),
        lease_until = clock_timestamp() + p_lease, updated_at = now(),
        address = (select a.value from delivery_address(d.id) a),
        mailbox = coalesce(d.mailbox, (select a.mail ->> 'mailbox' from delivery_address(d.id) a)),
        recipients = coalesce(d.recipients, (
            select jsonb_build_object('cc', a.mail -> 'cc') from delivery_address(d.id) a
            where a.mail -> 'cc' is not null))
    where d.id = any (v_leased);

    return query
    select d.id, d.attempts, coalesce(d.body, m.content), d.body is null, a.kind, a.value,
           exists (select from opt_outs(i.customer_id, d.channel) o where o.kind = a.kind and o.value = a.value),
           m.turn_id is not null and exists (
               select from messages o
               where o.conversation_id = d.conversation_id and o.answered_by = m.turn_id
                 and o.metadata ->> 'consent' = 'stop'),
           (extract(epoch from clock_timestamp() - i.last_inbound_at) * 1000)::bigint,
           (select u.name from conversations c join customers u on u.id = c.customer_id where c.id = d.conversation_id),
           (select t.number from current_ticket(d.conversation_id) t),
           case when a.mail is not null or d.channel = 'email' then jsonb_strip_nulls(jsonb_build_object(
               'subject', coalesce(a.mail ->> 'subject', (select t.subject from current_ticket(d.conversation_id) t)),
               'in_reply_to', a.mail -> 'message_id',
               'references', a.mail -> 'references', 'mailbox', d.mailbox,
               -- Threads are those of one mailbox.
               'thread_id', case when d.mailbox is not distinct from a.mail ->> 'mailbox' then a.mail -> 'thread_id' end,
               'by_staff', m.role = 'staff',
               'recipients', coalesce(d.recipients, '{}'))) end,
           d.traceparent
    from deliveries d
    join messages m on m.id = d.message_id
    left join lateral delivery_address(d.id) a on true
    left join customer_identifiers i on i.kind = a.kind and i.value = a.value
    where d.id = any (v_leased);
end
$$;
