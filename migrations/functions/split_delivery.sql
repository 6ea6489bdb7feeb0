-- Splits a reply that is too long for one message into several parts; the leased row becomes the first of them. False
-- if the lease is no longer the caller's.
create or replace function split_delivery(p_delivery uuid, p_attempt smallint, p_ids uuid[], p_bodies text[])
returns boolean language plpgsql as $$
#variable_conflict use_column
begin
    update deliveries d set body = p_bodies[1], updated_at = now()
    where d.id = p_delivery and d.attempts = p_attempt and d.state = 'sending';
    if not found then
        return false;
    end if;
    insert into deliveries (id, message_id, part, conversation_id, channel, body, recipients, to_kind, to_value,
                            traceparent)
    select i.id, d.message_id, d.part + i.ord - 1, d.conversation_id, d.channel, i.body, d.recipients, d.to_kind,
           d.to_value, d.traceparent
    from unnest(p_ids, p_bodies) with ordinality i (id, body, ord)
    cross join lateral (select * from deliveries where deliveries.id = p_delivery) d
    where i.ord > 1
    on conflict (message_id, part) do nothing;
    return true;
end
$$;
