-- The addresses of a customer that a channel writes to and that want no messages. The web form writes to none. Inlined
-- into the caller's statement: use it as `exists (select from opt_outs(...))`.
create or replace function opt_outs(p_customer uuid, p_channel text) returns setof customer_identifiers
language sql stable as $$
    select i.* from customer_identifiers i
    where ((p_channel = 'whatsapp' and i.kind in ('phone', 'provider_user'))
           or (p_channel = 'email' and i.kind = 'email'))
      and i.customer_id = p_customer and i.opted_out_at is not null
$$;
