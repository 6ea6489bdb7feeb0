-- Records delivery statuses that a provider reported, in any order and with repetitions: a state only moves forward.
--
-- A message is found by our id, else by the provider's, in the channel that the status comes from. Returns whether each
-- is known, in order. p_refused lists recipients of a mail that was taken for the others only. Conversations are locked before deliveries, because a failure gives its conversation to staff.
create or replace function record_statuses(
    p_channel text[], p_delivery uuid[], p_provider text[], p_state text[], p_cause text[], p_error text[],
    p_refused jsonb[] default null
) returns table (known boolean) language plpgsql as $$
#variable_conflict use_column
declare
    v_delivery uuid[];
    v_status record;
begin
    v_delivery := array(
        select coalesce(
            (select d.id from deliveries d where d.id = s.delivery and d.channel = s.channel),
            (select d.id from deliveries d where d.channel = s.channel and d.provider_id = s.provider))
        from unnest(p_channel, p_delivery, p_provider) with ordinality s (channel, delivery, provider, ord)
        order by s.ord);

    if 'failed' = any (p_state) then
        perform from conversations c
        where c.id = any (array(
            select d.conversation_id from deliveries d
            where d.id = any (array(select s.delivery from unnest(v_delivery, p_state) s (delivery, state)
                                    where s.state = 'failed'))))
        order by c.id for no key update;
    end if;
    perform from deliveries d where d.id = any (v_delivery) order by d.id for no key update;

    for v_status in
        select s.delivery, s.provider, s.state, s.cause, s.error
        from unnest(v_delivery, p_provider, p_state, p_cause, p_error)
             with ordinality s (delivery, provider, state, cause, error, ord)
        where s.delivery is not null order by s.ord
    loop
        perform move_delivery(v_status.delivery, v_status.provider, v_status.state, v_status.cause, v_status.error);
    end loop;

    if p_refused is not null then
        insert into delivery_failures (delivery_id, address, cause, detail)
        select s.delivery, r.refused ->> 'address', r.refused ->> 'cause', r.refused ->> 'detail'
        from unnest(v_delivery, p_refused) s (delivery, refused)
        cross join lateral jsonb_array_elements(s.refused) r (refused)
        where s.delivery is not null
        order by 1, 2
        on conflict (delivery_id, address) do nothing;
    end if;

    return query
    select s.delivery is not null from unnest(v_delivery) with ordinality s (delivery, ord) order by s.ord;
end
$$;
