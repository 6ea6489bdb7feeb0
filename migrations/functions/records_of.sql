-- The customer, and those who were joined to them: one person.
create or replace function records_of(p_customer uuid) returns setof uuid language sql stable as $$
    with recursive same as (
        select u.id from customers u where u.id = p_customer
        union
        select j.from_customer from customer_joins j join same s on j.into_customer = s.id
    )
    select s.id from same s
$$;
