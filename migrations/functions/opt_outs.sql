-- The addresses of a customer that a channel writes to and that want no messages. The web form writes to none. Inlined
-- into the caller's statement: use it as `exists (select from opt_outs(...))`.
--
-- The kinds are compared in a `case`, so that the planner can only look the customer up: with a plain comparison it
-- may read every e-mail address in the database to combine it with this customer's.
create or replace function opt_outs(p_customer uuid, p_channel text) returns setof customer_identifiers
language sql stable as $$
    select i.* from customer_identifiers i
    where i.customer_id = p_customer and i.opted_out_at is not null
      and case p_channel
              when 'whatsapp' then i.kind in ('phone', 'provider_user')
              when 'email' then i.kind = 'email'
              else false
          end
$$;
