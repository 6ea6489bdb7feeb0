-- Takes a merge of customers back: the first has its addresses again, and the conversations that it had, and those that
-- were opened from its addresses since. Messages that it wrote into a conversation of the other one since stay there; staff
-- can split them off.
--
-- Merges are taken back in the opposite order, and not while conversations of the two are merged.
create or replace function undo_merge(p_merge uuid, p_actor uuid) returns jsonb language plpgsql as $$
#variable_conflict use_column
declare
    v_merge customer_joins;
    v_back uuid[];
    v_reopened uuid;
begin
    select j.* into v_merge from customer_joins j where j.id = p_merge;
    if v_merge.id is null then
        return jsonb_build_object('verdict', 'no_merge');
    end if;
    -- What moves back is the second customer's now.
    perform from customer_identifiers i where i.customer_id in (v_merge.from_customer, v_merge.into_customer)
    order by i.kind, i.value for no key update;
    perform from customers u where u.id in (v_merge.from_customer, v_merge.into_customer)
    order by u.id for no key update;
    v_back := array(
        select c.id from conversations c
        where c.customer_id = v_merge.into_customer
          and (c.id = any (v_merge.conversations)
               or c.created_at >= v_merge.created_at
                  and (select jsonb_build_object('kind', m.identifier_kind, 'value', m.identifier_value) from messages m
                       where m.conversation_id = c.id and m.direction = 'inbound' and m.seq is distinct from null
                       order by m.seq limit 1) in (select jsonb_array_elements(v_merge.identifiers))));
    perform from conversations c where c.id = any (v_back || v_merge.closed_conversation)
    order by c.id for no key update;
    select j.* into v_merge from customer_joins j where j.id = p_merge;
    if v_merge.undone_at is distinct from null then
        return jsonb_build_object('verdict', 'done', 'merge_id', p_merge);
    elsif exists (select from customers u
                  where u.id in (v_merge.from_customer, v_merge.into_customer)
                    and u.erased_at is distinct from null) then
        return jsonb_build_object('verdict', 'no_merge');
    elsif exists (select from customer_joins j
                  where j.undone_at is null and j.id <> p_merge
                    and (j.from_customer = v_merge.into_customer
                         or j.into_customer = v_merge.into_customer and j.created_at > v_merge.created_at)) then
        return jsonb_build_object('verdict', 'merged_since');
    elsif exists (select from conversations s join conversations t on t.id = s.merged_into
                  where s.customer_id = v_merge.into_customer and (s.id = any (v_back)) <> (t.id = any (v_back))) then
        return jsonb_build_object('verdict', 'conversations_merged');
    end if;

    perform fence(v_back, null, 'fenced');
    update conversations c set customer_id = v_merge.from_customer where c.id = any (v_back);
    update customer_identifiers i set customer_id = v_merge.from_customer
    where i.customer_id = v_merge.into_customer
      and jsonb_build_object('kind', i.kind, 'value', i.value)
          in (select jsonb_array_elements(v_merge.identifiers));
    update customers u set metadata = u.metadata - 'joined_into' where u.id = v_merge.from_customer;
    update link_challenges h set customer_id = v_merge.from_customer where h.conversation_id = any (v_back);
    -- The conversation that the merge closed goes on, unless its customer has begun another one.
    select c.id into v_reopened from conversations c
    where c.id = v_merge.closed_conversation and c.status = 'closed' and c.erased_at is null
      and c.merged_into is null
      and not exists (select from conversations o
                      where o.customer_id = c.customer_id and o.attested and o.status <> 'closed');
    if v_reopened is distinct from null then
        perform restore_conversation(v_reopened, v_merge.closed_before, null, '{}');
    end if;
    perform requeue_conversations(v_back);
    update customer_joins j set undone_at = now() where j.id = p_merge;
    perform record_audit(p_actor, 'customer.unmerged', 'customer', v_merge.from_customer, null,
                         jsonb_build_object('from', v_merge.into_customer, 'merge_id', p_merge));
    return jsonb_build_object('verdict', 'done', 'merge_id', p_merge);
end
$$;
