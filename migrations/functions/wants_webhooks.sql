-- Whether any endpoint gets events. While there is none, events are not even put together.
create or replace function wants_webhooks() returns boolean language sql stable as $$
    select exists (select from webhooks w where w.disabled_at is null)
$$;
