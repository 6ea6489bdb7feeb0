-- Moves one locked delivery forward; the only place where a provider's report changes a state. A pending or withdrawn
-- delivery that the provider knows was sent after all. The first failure of a message escalates to staff.
create or replace function move_delivery(
    p_delivery uuid, p_provider text, p_state text, p_cause text, p_error text
) returns void language plpgsql as $$
#variable_conflict use_column
declare
    v_moved record;
begin
    update deliveries d
    set provider_id = coalesce(d.provider_id, case when not exists (
            select from deliveries o where o.channel = d.channel and o.provider_id = p_provider) then p_provider end),
        state = case when coalesce(delivery_rank(d.state), 0) < delivery_rank(p_state) then p_state else d.state end,
        cause = case when coalesce(delivery_rank(d.state), 0) < delivery_rank(p_state) then p_cause else d.cause end,
        error = case when coalesce(delivery_rank(d.state), 0) < delivery_rank(p_state) then p_error else d.error end,
        delivered_at = coalesce(d.delivered_at, case when p_state in ('delivered', 'read') then now() end),
        read_at = coalesce(d.read_at, case when p_state = 'read' then now() end),
        lease_until = case when p_state <> 'sending' then null else d.lease_until end,
        updated_at = now()
    from deliveries before
    where d.id = p_delivery and before.id = d.id
    returning d.id, d.conversation_id, d.channel, d.message_id, d.address, before.state as was, d.state as is_now
    into v_moved;

    if v_moved.is_now = 'failed' and v_moved.was <> 'failed' then
        -- The parts that would follow are useless without this one.
        update deliveries d set state = 'withdrawn', updated_at = now()
        where d.message_id = v_moved.message_id and d.id <> p_delivery and d.state = 'pending';
        -- Where no other recipient was named, it is the customer whom it did not reach.
        insert into delivery_failures (delivery_id, address, cause, detail)
        select p_delivery, f.address, p_cause, coalesce(p_error, '')
        from (select coalesce(v_moved.address, (
                  select a.value from address_of(v_moved.conversation_id, v_moved.channel) a)) as address) f
        where p_cause is not null and f.address is not null
          and not exists (select from delivery_failures o where o.delivery_id = p_delivery)
        on conflict (delivery_id, address) do nothing;
        perform hand_failure_to_staff(v_moved.conversation_id, v_moved.channel, p_cause, p_error);
    end if;
end
$$;
