-- Resolves an attempt in doubt. p_listed are messages in the provider's list that may be this one, oldest first; the
-- first that belongs to no other delivery is taken for it. If there is none, p_unlisted says what to do, and
-- p_given_up what staff are told if it is left to them. Returns what was done.
create or replace function resolve_in_doubt(
    p_delivery uuid, p_attempt smallint, p_listed text[], p_states text[], p_unlisted text, p_look_again interval,
    p_given_up text
) returns text language plpgsql as $$
#variable_conflict use_column
declare
    v_place integer;
    v_channel text;
begin
    perform from conversations c
    where c.id = (select d.conversation_id from deliveries d where d.id = p_delivery) for no key update;
    select d.channel into v_channel from deliveries d
    where d.id = p_delivery and d.attempts = p_attempt and d.state = 'sending' for no key update;
    if not found then
        return 'already';
    end if;
    select l.ord into v_place
    from unnest(p_listed) with ordinality l (provider, ord)
    where not exists (select from deliveries o
                      where o.channel = v_channel and o.provider_id = l.provider and o.id <> p_delivery)
    order by l.ord limit 1;
    if v_place is not null then
        perform move_delivery(p_delivery, p_listed[v_place], p_states[v_place], null, null);
        return 'found';
    end if;
    case p_unlisted
        when 'wait' then
            update deliveries d set lease_until = clock_timestamp() + p_look_again where d.id = p_delivery;
        when 'resend' then
            update deliveries d
            set state = 'pending', unresolved_attempts = d.unresolved_attempts + 1, lease_until = null,
                not_before = null, updated_at = now()
            where d.id = p_delivery;
        when 'give_up' then
            perform move_delivery(p_delivery, null, 'failed', null, p_given_up);
    end case;
    return p_unlisted;
end
$$;
