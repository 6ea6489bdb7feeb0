-- Makes everything of one locked customer that of another, and records it so that it can be taken back. p_moved are the
-- conversations that move, p_challenge or p_staff who says so. False if it has to wait; nothing is changed then.
--
-- A customer has one open conversation among the attested ones. Where both have one, one is closed: that of p_into if
-- nothing waits in it and no staff work on it, else the other one on the same condition. Where neither may be closed,
-- it has to wait. Turns under way are fenced, and what they had to answer is requeued (PROTOCOL.md 4.5).
create or replace function absorb_customer(
    p_from uuid, p_into uuid, p_moved uuid[], p_join uuid, p_challenge uuid, p_staff uuid
) returns boolean language plpgsql as $$
#variable_conflict use_column
declare
    v_ours uuid;
    v_theirs uuid;
    v_closing uuid;
    v_before jsonb;
begin
    select c.id into v_ours from conversations c where c.customer_id = p_from and c.attested and c.status <> 'closed';
    select c.id into v_theirs from conversations c
    where c.customer_id = p_into and c.attested and c.status <> 'closed';
    if v_ours is not null and v_theirs is not null then
        v_closing := (
            select c.id from conversations c
            where c.id in (v_ours, v_theirs) and c.status = 'active' and c.last_inbound - c.answered_through = 0
            order by (c.id = v_theirs) desc limit 1);
        if v_closing is null then
            return false;
        end if;
        v_before := conversation_before(v_closing);
        perform close_conversations(array[v_closing]);
    end if;

    perform fence(p_moved, null, 'fenced');
    update conversations c set customer_id = p_into where c.id = any (p_moved);
    insert into customer_joins (id, from_customer, into_customer, challenge_id, staff_id, identifiers, conversations,
                                closed_conversation, closed_before)
    select p_join, p_from, p_into, p_challenge, p_staff,
           coalesce(jsonb_agg(jsonb_build_object('kind', i.kind, 'value', i.value) order by i.kind, i.value), '[]'),
           p_moved, v_closing, v_before
    from customer_identifiers i where i.customer_id = p_from;
    update customer_identifiers i set customer_id = p_into where i.customer_id = p_from;
    update customers u set metadata = u.metadata || jsonb_build_object('joined_into', p_into) where u.id = p_from;
    update link_challenges h set customer_id = p_into where h.customer_id = p_from;
    perform requeue_conversations(p_moved);
    return true;
end
$$;
