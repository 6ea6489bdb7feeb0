-- Moving work between processes: outbox rows out, abandoned conversations back in.

-- Removes the rows that were handed on, then claims the oldest free ones for a while.
create or replace function claim_outbox(p_done bigint[], p_limit bigint, p_lease interval)
returns table (id bigint, topic text, key uuid, payload jsonb) language plpgsql as $$
#variable_conflict use_column
declare
    -- Without Kafka nobody could hand on the others; they wait until it is back.
    v_everything boolean := hands_on_events();
begin
    delete from outbox o where o.id = any (p_done);
    return query
    update outbox o set lease_until = clock_timestamp() + p_lease
    where o.id = any (array(
        select f.id from outbox f
        where (f.lease_until is null or f.lease_until < clock_timestamp()) and f.parked_reason is null
          and (v_everything or f.topic = 'fte.tickets.incoming')
        order by f.id limit p_limit for update skip locked))
    returning o.id, o.topic, o.key, o.payload;
end
$$;

-- What waits, for whoever watches. Counting stops where it would take long.
create or replace function backlog(out waiting bigint, out parked bigint, out oldest double precision)
language sql as $$
    select (select count(*) from (select from outbox where parked_reason is null limit 100000) o),
           (select count(*) from (select from outbox where parked_reason is not null limit 100000) o),
           coalesce((select extract(epoch from clock_timestamp() - created_at) from outbox
                     where parked_reason is null order by id limit 1), 0)
$$;

-- Writes an outbox row for each conversation in the bot's hands that has something to answer and nobody working
-- on it: no live lease, no row on its way. swept_at is the claim by which several processes share the work.
drop function if exists sweep(interval, bigint);
create or replace function sweep(p_idle_for interval, p_again_after interval, p_limit bigint) returns bigint language plpgsql as $$
#variable_conflict use_column
declare
    v_due uuid[];
begin
    -- Where the outbox is long, those who were forgotten would have to wait behind it anyway.
    if (select count(*) from (select from outbox where parked_reason is null limit 1000) o) = 1000 then
        return 0;
    end if;
    v_due := array(
        select c.id from conversations c
        where c.status = 'active' and c.settled_through < c.last_inbound
          and c.last_message_at <= now() - p_idle_for
          and (c.lease_until is null or c.lease_until < now())
          and (c.swept_at is null or c.swept_at <= now() - p_again_after)
          and not exists (select from outbox o where o.key = c.id)
        order by c.last_message_at limit p_limit for no key update skip locked);
    return put_in_outbox(v_due);
end
$$;

-- Gives conversations back at once: ends the leases of their owner and puts them where anybody finds them.
create or replace function hand_back(p_conversation uuid[], p_owner uuid) returns bigint language plpgsql as $$
#variable_conflict use_column
begin
    perform from conversations c where c.id = any (p_conversation) order by c.id for no key update;
    update conversations c set lease_owner = null, lease_until = null
    where c.id = any (p_conversation) and c.lease_owner = p_owner;
    return put_in_outbox(p_conversation);
end
$$;

create or replace function put_in_outbox(p_conversation uuid[]) returns bigint language plpgsql as $$
#variable_conflict use_column
declare
    v_count bigint;
begin
    update conversations c set swept_at = now() where c.id = any (p_conversation);
    insert into outbox (topic, key, payload)
    select 'fte.tickets.incoming', c.id,
           jsonb_build_object('version', 1, 'conversation_id', c.id, 'channel', c.channel)
    from conversations c
    where c.id = any (p_conversation) and c.status = 'active' and c.last_inbound - c.settled_through > 0;
    get diagnostics v_count = row_count;
    return v_count;
end
$$;

-- Shows pending replies of the web form on their tickets' pages: publishing is the commit, no provider is asked.
create or replace function publish_web_replies(p_limit bigint) returns bigint language plpgsql as $$
declare
    v_count bigint;
begin
    update deliveries d set state = 'delivered', updated_at = now()
    where d.id = any (array(
        select f.id from deliveries f where f.channel = 'web_form' and f.state = 'pending'
        order by f.created_at limit p_limit for update skip locked));
    get diagnostics v_count = row_count;
    return v_count;
end
$$;
