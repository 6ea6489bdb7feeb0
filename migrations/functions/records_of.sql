-- All customers that were joined with one another, whichever of them is asked for: one person.
create or replace function records_of(p_customer uuid) returns setof uuid language sql stable as $$
    with recursive up as (
        select u.id from customers u where u.id = p_customer
        union
        select j.into_customer from customer_joins j join up u on j.from_customer = u.id and j.undone_at is null
    ), same as (
        select u.id from up u
        union
        select j.from_customer from customer_joins j join same s on j.into_customer = s.id and j.undone_at is null
    )
    select s.id from same s
$$;
