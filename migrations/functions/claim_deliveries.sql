-- Replies of a channel with a provider: taking them to be sent, and putting them back.

-- Takes replies that may be sent now, and marks them as being sent: one a conversation, because a later one waits
-- until every earlier one is settled (PROTOCOL.md 6.1).
--
-- No more of them than all processes together may send now: p_per_second a second, a second's worth at once. Where
-- nothing is to be sent the sender's row is not touched. Without a rate there is no limit.
drop function if exists claim_deliveries(text, bigint, interval);
drop function if exists claim_deliveries(text, bigint, interval, double precision);
drop function if exists claim_doubtful(text, bigint, interval);
drop function if exists address_of(uuid, text);
create or replace function claim_deliveries(
    p_channel text, p_limit bigint, p_lease interval, p_per_second double precision default null
)
returns table (
    delivery_id uuid, attempt smallint, content text, is_whole boolean, address_kind text, address text,
    opted_out boolean, is_confirmation boolean, silent_ms bigint, customer_name text, ticket_number bigint, mail jsonb
) language plpgsql as $$
#variable_conflict use_column
declare
    v_claimed uuid[];
    v_room double precision := greatest(p_per_second, 1);
    v_tokens double precision;
begin
    v_claimed := array(
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
    if cardinality(v_claimed) = 0 then
        return;
    end if;

    if p_per_second is not null then
        perform from sender_rates r where r.channel = p_channel for no key update;
        select case when isfinite(r.filled_at) then
                   least(v_room, r.tokens + p_per_second
                                 * greatest(extract(epoch from clock_timestamp() - r.filled_at)::double precision, 0))
               else v_room end
        into v_tokens from sender_rates r where r.channel = p_channel;
        v_claimed := v_claimed[1:floor(v_tokens)::integer];
        if cardinality(v_claimed) = 0 then
            return;
        end if;
        update sender_rates r set tokens = v_tokens - cardinality(v_claimed), filled_at = clock_timestamp()
        where r.channel = p_channel;
    end if;

    update deliveries d
    set state = 'sending', attempts = d.attempts + 1, requested_at = clock_timestamp(),
        lease_until = clock_timestamp() + p_lease, updated_at = now()
    where d.id = any (v_claimed);

    return query
    select d.id, d.attempts, coalesce(d.body, m.content), d.body is null, a.kind, a.value,
           i.opted_out_at is not null,
           m.turn_id is not null and exists (
               select from messages o
               where o.conversation_id = d.conversation_id and o.answered_by = m.turn_id
                 and o.metadata ->> 'consent' = 'stop'),
           (extract(epoch from clock_timestamp() - i.last_inbound_at) * 1000)::bigint,
           (select u.name from conversations c join customers u on u.id = c.customer_id where c.id = d.conversation_id),
           (select t.number from current_ticket(d.conversation_id) t),
           case when a.mail is not null then jsonb_strip_nulls(jsonb_build_object(
               'subject', a.mail -> 'subject', 'in_reply_to', a.mail -> 'message_id',
               'references', a.mail -> 'references', 'recipients', d.recipients)) end
    from deliveries d
    join messages m on m.id = d.message_id
    left join lateral address_of(d.conversation_id, d.channel) a on true
    left join customer_identifiers i on i.kind = a.kind and i.value = a.value
    where d.id = any (v_claimed);
end
$$;

-- Where the customer wrote from last, on that channel, and the headers of that message where it was a mail.
create or replace function address_of(p_conversation uuid, p_channel text)
returns table (kind text, value text, mail jsonb) language sql stable as $$
    select m.identifier_kind, m.identifier_value, m.metadata -> 'mail' from messages m
    where m.conversation_id = p_conversation and m.direction = 'inbound' and m.channel = p_channel
    order by m.seq desc limit 1
$$;

-- Makes a reply that is too long for one message into several parts; the claimed row becomes the first of them.
create or replace function split_delivery(p_delivery uuid, p_attempt smallint, p_ids uuid[], p_bodies text[])
returns boolean language plpgsql as $$
#variable_conflict use_column
begin
    update deliveries d set body = p_bodies[1], updated_at = now()
    where d.id = p_delivery and d.attempts = p_attempt and d.state = 'sending';
    if not found then
        return false;
    end if;
    insert into deliveries (id, message_id, part, conversation_id, channel, body)
    select i.id, d.message_id, d.part + i.ord - 1, d.conversation_id, d.channel, i.body
    from unnest(p_ids, p_bodies) with ordinality i (id, body, ord)
    cross join lateral (select * from deliveries where deliveries.id = p_delivery) d
    where i.ord > 1
    on conflict (message_id, part) do nothing;
    return true;
end
$$;

-- Puts a reply back that certainly did not reach the provider.
create or replace function put_back_delivery(p_delivery uuid, p_attempt smallint, p_pause interval, p_error text)
returns void language sql as $$
    update deliveries
    set state = 'pending', lease_until = null, not_before = clock_timestamp() + p_pause, error = p_error,
        updated_at = now()
    where id = p_delivery and attempts = p_attempt and state = 'sending' and provider_id is null
$$;

-- Takes attempts of which nobody knows whether they reached the provider: their lease ran out, as after a crash or a
-- lost answer.
create or replace function claim_doubtful(p_channel text, p_limit bigint, p_lease interval)
returns table (
    delivery_id uuid, attempt smallint, content text, address_kind text, address text, requested_at timestamptz,
    quiet_ms bigint, ambiguities smallint
) language plpgsql as $$
#variable_conflict use_column
declare
    v_claimed uuid[];
begin
    v_claimed := array(
        select d.id from deliveries d
        where d.channel = p_channel and d.state = 'sending' and d.lease_until < clock_timestamp()
        order by d.created_at limit p_limit for no key update skip locked);
    update deliveries d set lease_until = clock_timestamp() + p_lease where d.id = any (v_claimed);
    return query
    select d.id, d.attempts, coalesce(d.body, m.content), a.kind, a.value, d.requested_at,
           (extract(epoch from clock_timestamp() - d.requested_at) * 1000)::bigint, d.ambiguities
    from deliveries d
    join messages m on m.id = d.message_id
    left join lateral address_of(d.conversation_id, d.channel) a on true
    where d.id = any (v_claimed);
end
$$;

-- Decides about a doubtful attempt. p_listed are messages at the provider that it may be, oldest first; the first that
-- is no other delivery's is taken for it. Returns what it came to.
create or replace function settle_doubt(
    p_delivery uuid, p_attempt smallint, p_listed text[], p_states text[], p_unlisted text, p_look_again interval
) returns text language plpgsql as $$
#variable_conflict use_column
declare
    v_place integer;
    v_channel text;
begin
    perform from conversations c
    where c.id = (select d.conversation_id from deliveries d where d.id = p_delivery) for no key update;
    select d.channel into v_channel from deliveries d
    where d.id = p_delivery and d.attempts = p_attempt and d.state = 'sending' for no key update;
    if not found then
        return 'settled';
    end if;
    select l.ord into v_place
    from unnest(p_listed) with ordinality l (provider, ord)
    where not exists (select from deliveries o
                      where o.channel = v_channel and o.provider_id = l.provider and o.id <> p_delivery)
    order by l.ord limit 1;
    if v_place is not null then
        perform move_delivery(p_delivery, p_listed[v_place], p_states[v_place], null, null);
        return 'found';
    end if;
    case p_unlisted
        when 'wait' then
            update deliveries d set lease_until = clock_timestamp() + p_look_again where d.id = p_delivery;
        when 'resend' then
            update deliveries d
            set state = 'pending', ambiguities = d.ambiguities + 1, lease_until = null, not_before = null,
                updated_at = now()
            where d.id = p_delivery;
        when 'give_up' then
            perform move_delivery(p_delivery, null, 'failed', null,
                'twice nobody knows whether it arrived: the provider neither answered nor lists it');
    end case;
    return p_unlisted;
end
$$;
