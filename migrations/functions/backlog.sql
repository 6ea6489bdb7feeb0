-- Size and age of the outbox, for metrics. The counts stop at 100,000 rows, because counting more would take long.
create or replace function backlog(out waiting bigint, out parked bigint, out oldest double precision)
language sql as $$
    select (select count(*) from (select from outbox where parked_reason is null limit 100000) o),
           (select count(*) from (select from outbox where parked_reason is not null limit 100000) o),
           coalesce((select extract(epoch from clock_timestamp() - created_at) from outbox
                     where parked_reason is null order by id limit 1), 0)
$$;
