-- Joins the customer of a chat to the customer of the address that was proved in it: everything of the first becomes
-- the second's, in one transaction. One at a call, so that locks are taken in one order: identifiers, customers,
-- conversations, tickets (PROTOCOL.md 1.2). Returns the result; null where there is nothing to do.
--
-- Where absorb_customer has to wait, joining is tried again after p_retry_after.
create or replace function join_customers(p_retry_after interval) returns text language plpgsql as $$
#variable_conflict use_column
declare
    v_due record;
    v_from uuid;
    v_into uuid;
    v_moved uuid[];
begin
    select h.id, h.conversation_id, h.email into v_due from link_challenges h
    where h.state = 'proved' and h.due_at <= clock_timestamp()
    order by h.due_at limit 1 for no key update skip locked;
    if not found then
        return null;
    end if;

    select c.customer_id into v_from from conversations c where c.id = v_due.conversation_id;
    select i.customer_id into v_into from customer_identifiers i where i.kind = 'email' and i.value = v_due.email;
    v_moved := lock_customers(v_from, v_into);

    -- Read again under the locks: another join may have come first.
    if (select c.customer_id from conversations c where c.id = v_due.conversation_id) is distinct from v_from
       or (select i.customer_id from customer_identifiers i where i.kind = 'email' and i.value = v_due.email)
          is distinct from v_into
       or exists (select from conversations c where c.customer_id = v_from and c.id <> all (v_moved))
    then
        return 'again';
    end if;
    if v_into is null or v_into = v_from then
        update link_challenges h set state = 'used', due_at = null where h.id = v_due.id;
        update customer_identifiers i set attested = true
        where i.kind = 'email' and i.value = v_due.email and i.customer_id = v_from;
        return 'already';
    end if;

    if not absorb_customer(v_from, v_into, v_moved, gen_random_uuid(), v_due.id, null) then
        update link_challenges h set due_at = clock_timestamp() + p_retry_after where h.id = v_due.id;
        return 'waits';
    end if;
    update customer_identifiers i set attested = true where i.kind = 'email' and i.value = v_due.email;
    update link_challenges h set state = 'used', due_at = null where h.id = v_due.id;
    return 'joined';
end
$$;
