-- Leases events that are due for one try each, up to p_each for each endpoint but p_busy, in the order in which they
-- happened. After p_lease another process may take them over.
create or replace function lease_webhooks(p_busy uuid[], p_each bigint, p_lease interval)
returns table (id uuid, webhook_id uuid, type text, data jsonb, created_at timestamptz, attempt smallint, url text,
               secret bytea, old_secret bytea) language plpgsql as $$
#variable_conflict use_column
declare
    v_due uuid[];
begin
    v_due := array(
        select e.id from webhooks w
        cross join lateral (
            select d.id from webhook_deliveries d
            where d.webhook_id = w.id and d.state = 'pending' and d.due_at <= clock_timestamp()
            order by d.due_at, d.seq limit p_each for no key update of d skip locked) e
        where w.disabled_at is null and w.id <> all (p_busy));
    if cardinality(v_due) = 0 then
        return;
    end if;
    return query
    with leased as (
        update webhook_deliveries d
        set attempts = d.attempts + 1, due_at = clock_timestamp() + p_lease
        where d.id = any (v_due)
        returning d.id, d.seq, d.webhook_id, d.type, d.data, d.created_at, d.attempts)
    select l.id, l.webhook_id, l.type, l.data, l.created_at, l.attempts, w.url, w.secret,
           case when w.old_secret_until > now() then w.old_secret end
    from leased l join webhooks w on w.id = l.webhook_id
    order by l.seq;
end
$$;
