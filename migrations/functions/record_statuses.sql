-- What providers say became of messages, in any order and any repetition: a state only moves forward.

-- Records a batch. A message is found by our id, else by the provider's, in the channel that the status comes from.
-- Returns whether each is known, in order. Conversations are locked before deliveries, because a failure hands its
-- conversation to people.
drop function if exists record_statuses(text, uuid[], text[], text[], text[]);
drop function if exists move_delivery(uuid, text, text, text);
drop function if exists hand_failure_to_staff(uuid, text, text);
create or replace function record_statuses(
    p_channel text[], p_delivery uuid[], p_provider text[], p_state text[], p_cause text[], p_error text[]
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

    return query
    select s.delivery is not null from unnest(v_delivery) with ordinality s (delivery, ord) order by s.ord;
end
$$;

create or replace function delivery_rank(p_state text) returns integer language sql immutable as $$
    select array_position(array['sending', 'sent', 'failed', 'delivered', 'read'], p_state)
$$;

-- Moves one locked delivery forward. What was to be sent, or was taken back, and is at the provider all the same, was
-- sent. A first failure goes to people.
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
    returning d.id, d.conversation_id, d.channel, d.message_id, before.state as was, d.state as is_now into v_moved;

    if v_moved.is_now = 'failed' and v_moved.was <> 'failed' then
        -- The parts that were to follow make no sense alone.
        update deliveries d set state = 'withdrawn', updated_at = now()
        where d.message_id = v_moved.message_id and d.id <> p_delivery and d.state = 'pending';
        perform hand_failure_to_staff(v_moved.conversation_id, v_moved.channel, p_cause, p_error);
    end if;
end
$$;

-- A reply that did not arrive: staff are told, and the conversation is theirs from now on (PROTOCOL.md 4.5). Who wants
-- no messages any more is known from now on, and nobody has to look.
create or replace function hand_failure_to_staff(
    p_conversation uuid, p_channel text, p_cause text, p_error text
) returns void language plpgsql as $$
#variable_conflict use_column
declare
    v_escalation uuid := gen_random_uuid();
begin
    if p_cause = 'opted_out' then
        update customer_identifiers i set opted_out_at = coalesce(i.opted_out_at, now())
        from address_of(p_conversation, p_channel) a
        where i.kind = a.kind and i.value = a.value;
        return;
    end if;
    insert into escalations (id, conversation_id, reason, severity, summary)
    values (v_escalation, p_conversation, 'failure', 'high',
            'A message of ours did not reach the customer by ' || p_channel || '. '
            || coalesce(p_error, 'The provider gave no reason.'));
    update turns t set ended_at = now()
    where t.ended_at is null
      and t.id = (select c.current_turn from conversations c where c.id = p_conversation and c.status = 'active');
    update conversations c
    set status = 'escalated', epoch = c.epoch + 1, current_turn = null, lease_owner = null, lease_until = null
    where c.id = p_conversation and c.status = 'active';
    update tickets t set status = 'escalated', updated_at = now()
    where t.conversation_id = p_conversation and t.status in ('open', 'waiting_customer');
    if wants_events() then
        perform emit_escalations(array[v_escalation]);
    end if;
end
$$;
