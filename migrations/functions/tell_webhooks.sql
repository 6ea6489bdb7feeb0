-- Writes events of one type for every endpoint that has subscribed to it, in the transaction of what happened: there is no
-- event without it, and none is lost in a crash.
create or replace function tell_webhooks(p_type text, p_data jsonb[]) returns void language plpgsql as $$
begin
    insert into webhook_deliveries (webhook_id, type, data)
    select w.id, p_type, e.data
    from unnest(p_data) with ordinality e (data, ord)
    join webhooks w on w.disabled_at is null and p_type = any (w.types)
    order by e.ord;
end
$$;
