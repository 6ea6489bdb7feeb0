-- Removes what was sent, or given up, before p_keep, and what is left of endpoints that were removed while an event was
-- written; at most p_limit. Returns how many, and how many endpoints fail: disabled by their receiver, or without a success
-- for p_patience.
create or replace function tidy_webhooks(p_keep interval, p_patience interval, p_limit bigint)
returns table (removed bigint, failing bigint) language plpgsql as $$
#variable_conflict use_column
declare
    v_removed bigint;
begin
    delete from webhook_deliveries d
    where d.id = any (array(
        select o.id from webhook_deliveries o
        where o.created_at < now() - p_keep
          and (o.state <> 'pending' or not exists (select from webhooks w where w.id = o.webhook_id))
        order by o.created_at limit p_limit for update skip locked));
    get diagnostics v_removed = row_count;
    return query
    select v_removed, count(*) from webhooks w
    where w.disabled_at is not null or w.failing_since < now() - p_patience;
end
$$;
