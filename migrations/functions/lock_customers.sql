-- Locks two customers that are to become one, or two again, in the order of PROTOCOL.md 1.2: their identifiers,
-- themselves, the conversations of the first and the open attested ones of the second. Returns the conversations of the
-- first.
create or replace function lock_customers(p_from uuid, p_into uuid) returns uuid[] language plpgsql as $$
#variable_conflict use_column
declare
    v_theirs uuid[];
begin
    perform from customer_identifiers i where i.customer_id in (p_from, p_into)
    order by i.kind, i.value for no key update;
    perform from customers u where u.id in (p_from, p_into) order by u.id for no key update;
    v_theirs := array(select c.id from conversations c where c.customer_id = p_from order by c.id);
    perform from conversations c
    where c.id = any (v_theirs) or (c.customer_id = p_into and c.attested and c.status <> 'closed')
    order by c.id for no key update;
    return v_theirs;
end
$$;
