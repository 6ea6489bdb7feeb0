-- Merges a customer into another one, because staff know that they are one person: everything of the first becomes the
-- second's. Where both have an open attested conversation that is worked on, one has to end first.
create or replace function merge_customers(p_from uuid, p_actor uuid, p_into uuid, p_merge uuid) returns jsonb
language plpgsql as $$
#variable_conflict use_column
declare
    v_moved uuid[];
begin
    -- A conversation that was split off meanwhile is locked in the next round.
    loop
        v_moved := lock_customers(p_from, p_into);
        exit when not exists (select from conversations c where c.customer_id = p_from and c.id <> all (v_moved));
    end loop;
    if not exists (select from customers u where u.id = p_from and u.erased_at is null) then
        return jsonb_build_object('verdict', 'no_customer');
    elsif p_from = p_into or not exists (select from customers u where u.id = p_into and u.erased_at is null) then
        return jsonb_build_object('verdict', 'no_target');
    elsif exists (select from customer_joins j where j.from_customer in (p_from, p_into) and j.undone_at is null) then
        return jsonb_build_object('verdict', 'already_merged');
    elsif not absorb_customer(p_from, p_into, v_moved, p_merge, null, p_actor) then
        return jsonb_build_object('verdict', 'both_open');
    end if;
    perform record_audit(p_actor, 'customer.merged', 'customer', p_from, null,
                         jsonb_build_object('into', p_into, 'merge_id', p_merge));
    return jsonb_build_object('verdict', 'done', 'merge_id', p_merge);
end
$$;
