-- Deletes the outbox rows that were passed on, then leases the oldest free ones.
create or replace function lease_outbox(p_done bigint[], p_limit bigint, p_lease interval)
returns table (id bigint, topic text, key uuid, payload jsonb, traceparent text) language plpgsql as $$
#variable_conflict use_column
declare
    -- Without Kafka only work can be passed on; events wait until Kafka is configured again.
    v_everything boolean := relays_events();
begin
    delete from outbox o where o.id = any (p_done);
    return query
    update outbox o set lease_until = clock_timestamp() + p_lease
    where o.id = any (array(
        select f.id from outbox f
        where (f.lease_until is null or f.lease_until < clock_timestamp()) and f.parked_reason is null
          and (v_everything or f.topic = 'fte.tickets.incoming')
        order by f.id limit p_limit for update skip locked))
    returning o.id, o.topic, o.key, o.payload, o.traceparent;
end
$$;
