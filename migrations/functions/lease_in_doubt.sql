-- Leases attempts in doubt, that is, those whose lease has expired: after a crash or a lost answer it is unknown
-- whether they reached the provider.
create or replace function lease_in_doubt(p_channel text, p_limit bigint, p_lease interval)
returns table (
    delivery_id uuid, attempt smallint, content text, address_kind text, address text, requested_at timestamptz,
    quiet_ms bigint, unresolved_attempts smallint, mailbox text
) language plpgsql as $$
#variable_conflict use_column
declare
    v_leased uuid[];
begin
    v_leased := array(
        select d.id from deliveries d
        where d.channel = p_channel and d.state = 'sending' and d.lease_until < clock_timestamp()
        order by d.created_at limit p_limit for no key update skip locked);
    update deliveries d set lease_until = clock_timestamp() + p_lease where d.id = any (v_leased);
    return query
    select d.id, d.attempts, coalesce(d.body, m.content), a.kind, a.value, d.requested_at,
           (extract(epoch from clock_timestamp() - d.requested_at) * 1000)::bigint, d.unresolved_attempts,
           d.mailbox
    from deliveries d
    join messages m on m.id = d.message_id
    left join lateral delivery_address(d.id) a on true
    where d.id = any (v_leased);
end
$$;
