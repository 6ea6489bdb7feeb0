-- Joins the customer of a chat to the customer of the address that was proved in it: everything of the first becomes
-- the second's, in one transaction. One at a call, so that locks are taken in one order: identifiers, customers,
-- conversations, tickets (PROTOCOL.md 1.2). Returns the result; null where there is nothing to do.
--
-- A customer has one open conversation among the attested ones. Where both have one, one is closed: theirs if nothing
-- waits in it and no staff work on it, else the chat's on the same condition. Where neither may be closed, joining is
-- tried again after p_retry_after. Turns under way are fenced, and what they had to answer is requeued (PROTOCOL.md
-- 4.5).
create or replace function join_customers(p_retry_after interval) returns text language plpgsql as $$
#variable_conflict use_column
declare
    v_due record;
    v_from uuid;
    v_into uuid;
    v_ours uuid;
    v_theirs uuid;
    v_closing uuid;
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
    perform from customer_identifiers i where i.customer_id in (v_from, v_into)
    order by i.kind, i.value for no key update;
    perform from customers u where u.id in (v_from, v_into) order by u.id for no key update;
    v_moved := array(select c.id from conversations c where c.customer_id = v_from order by c.id);
    perform from conversations c
    where c.id = any (v_moved) or (c.customer_id = v_into and c.attested and c.status <> 'closed')
    order by c.id for no key update;

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

    select c.id into v_ours from conversations c where c.customer_id = v_from and c.attested and c.status <> 'closed';
    select c.id into v_theirs from conversations c
    where c.customer_id = v_into and c.attested and c.status <> 'closed';
    if v_ours is not null and v_theirs is not null then
        v_closing := (
            select c.id from conversations c
            where c.id in (v_ours, v_theirs) and c.status = 'active' and c.last_inbound - c.answered_through = 0
            order by (c.id = v_theirs) desc limit 1);
        if v_closing is null then
            update link_challenges h set due_at = clock_timestamp() + p_retry_after where h.id = v_due.id;
            return 'waits';
        end if;
        perform close_conversations(array[v_closing]);
    end if;

    perform fence(v_moved, null, 'fenced');
    update conversations c set customer_id = v_into where c.id = any (v_moved);
    insert into customer_joins (from_customer, into_customer, challenge_id, identifiers, conversations,
                                closed_conversation)
    select v_from, v_into, v_due.id,
           coalesce(jsonb_agg(jsonb_build_object('kind', i.kind, 'value', i.value) order by i.kind, i.value), '[]'),
           v_moved, v_closing
    from customer_identifiers i where i.customer_id = v_from;
    update customer_identifiers i set customer_id = v_into where i.customer_id = v_from;
    update customer_identifiers i set attested = true where i.kind = 'email' and i.value = v_due.email;
    update customers u set metadata = u.metadata || jsonb_build_object('joined_into', v_into) where u.id = v_from;
    update link_challenges h set customer_id = v_into where h.customer_id = v_from;
    update link_challenges h set state = 'used', due_at = null where h.id = v_due.id;
    perform requeue_conversations(v_moved);
    return 'joined';
end
$$;
