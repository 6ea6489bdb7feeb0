-- The customer of a browser in which an address was proved; null without a session that is still valid.
create or replace function session_customer(p_token bytea) returns uuid language sql stable as $$
    select i.customer_id
    from customer_sessions s join customer_identifiers i on i.kind = 'email' and i.value = s.email
    where s.token_hash = p_token and s.expires_at > now()
$$;
