-- Erases a customer, in one transaction: their conversations are closed and lose their texts, what was to be sent is
-- withdrawn, their names, addresses and codes go, their tokens are revoked. Customers who were joined to them go with
-- them. Returns the receipt, that of the first time where it was done before; nothing for an unknown customer.
--
-- Locks are taken in the order of PROTOCOL.md 1.2: identifiers, customers, conversations, tickets, deliveries. Before all
-- of them the challenges from which prove_address and join_customers begin; the others are changed under the lock of their
-- conversation (apply_link_steps).
create or replace function erase_customer(p_customer uuid, p_actor uuid)
returns table (erased_at timestamptz, counts jsonb) language plpgsql as $$
#variable_conflict use_column
declare
    v_customers uuid[];
    v_conversations uuid[];
    v_challenges uuid[];
    v_counts jsonb;
    v_rows bigint;
begin
    v_customers := array(select r from records_of(p_customer) r);
    perform from link_challenges h
    where (h.conversation_id is null or h.state = 'proved')
      and (h.customer_id = any (v_customers)
           or h.conversation_id in (select c.id from conversations c where c.customer_id = any (v_customers))
           or h.email in (select i.value from customer_identifiers i
                          where i.kind = 'email' and i.customer_id = any (v_customers)))
    order by h.id for update;
    perform from customer_identifiers i where i.customer_id = any (v_customers)
    order by i.kind, i.value for update;
    perform from customers u where u.id = any (v_customers) order by u.id for no key update;
    if exists (select from customers u where u.id = p_customer and u.erased_at is not null) then
        return query select e.erased_at, e.counts from erasures e where e.customer_id = p_customer
                     order by e.erased_at limit 1;
        return;
    end if;
    if cardinality(v_customers) = 0 then
        return;
    end if;
    v_conversations := array(
        select c.id from conversations c where c.customer_id = any (v_customers) order by c.id for no key update);
    perform close_conversations(v_conversations);
    perform from deliveries d where d.conversation_id = any (v_conversations) order by d.id for no key update;
    update deliveries d set state = 'withdrawn', lease_until = null, updated_at = now()
    where d.conversation_id = any (v_conversations) and d.state in ('pending', 'sending');
    v_counts := erase_texts(v_conversations);

    v_challenges := array(
        select h.id from link_challenges h
        where h.customer_id = any (v_customers) or h.conversation_id = any (v_conversations)
           or h.email in (select i.value from customer_identifiers i
                          where i.kind = 'email' and i.customer_id = any (v_customers)));
    update customer_joins j set challenge_id = null where j.challenge_id = any (v_challenges);
    update customer_joins j set identifiers = '[]', closed_before = null
    where j.from_customer = any (v_customers) or j.into_customer = any (v_customers);
    delete from link_challenges h where h.id = any (v_challenges);
    delete from customer_sessions s
    where s.email in (select i.value from customer_identifiers i
                      where i.kind = 'email' and i.customer_id = any (v_customers));

    delete from suppressed_addresses s
    where s.digest in (select address_digest(i.kind, i.value) from customer_identifiers i
                       where i.customer_id = any (v_customers));
    insert into suppressed_addresses (digest, opted_out_at)
    select address_digest(i.kind, i.value), i.opted_out_at from customer_identifiers i
    where i.customer_id = any (v_customers) and i.opted_out_at is distinct from null;
    delete from customer_identifiers i where i.customer_id = any (v_customers);
    get diagnostics v_rows = row_count;
    v_counts := v_counts || jsonb_build_object('identifiers', v_rows);

    update customers u set name = '[erased]', metadata = '{}', erased_at = now() where u.id = any (v_customers);
    get diagnostics v_rows = row_count;
    v_counts := v_counts || jsonb_build_object('customers', v_rows);
    update api_tokens t set revoked_at = coalesce(t.revoked_at, now()) where t.customer_id = any (v_customers);

    insert into audit_log (actor, action, subject_kind, subject_id)
    values (p_actor, 'customer.erased', 'customer', p_customer::text);
    return query insert into erasures (customer_id, actor, counts) values (p_customer, p_actor, v_counts)
                 returning erasures.erased_at, erasures.counts;
end
$$;
