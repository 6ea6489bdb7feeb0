-- Requeues a reply that certainly did not reach the provider.
create or replace function put_back_delivery(p_delivery uuid, p_attempt smallint, p_pause interval, p_error text)
returns void language sql as $$
    update deliveries
    set state = 'pending', lease_until = null, not_before = clock_timestamp() + p_pause, error = p_error,
        updated_at = now()
    where id = p_delivery and attempts = p_attempt and state = 'sending' and provider_id is null
$$;
