-- The address of a delivery: its own, else that which the customer last wrote from on its channel, with the headers of
-- that message where it was a mail.
create or replace function delivery_address(p_delivery uuid)
returns table (kind text, value text, mail jsonb) language sql stable as $$
    select coalesce(d.to_kind, a.kind), coalesce(d.to_value, a.value), a.mail
    from deliveries d
    left join lateral address_of(d.conversation_id, d.channel) a on true
    where d.id = p_delivery
$$;
