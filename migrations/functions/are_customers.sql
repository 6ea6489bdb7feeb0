-- Whether one of these addresses belongs to a customer: nothing of a side conversation goes there.
create or replace function are_customers(p_addresses text[]) returns boolean language sql stable as $$
    select exists (select from customer_identifiers i where i.kind = 'email' and i.value = any (p_addresses))
$$;
