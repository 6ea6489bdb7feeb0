-- Changes the name and the plan of a customer; null leaves what it is. The audit log says which was changed, not to what:
-- it outlives an erasure.
create or replace function change_customer(p_customer uuid, p_actor uuid, p_name text, p_plan text) returns jsonb
language plpgsql as $$
#variable_conflict use_column
begin
    update customers u
    set name = coalesce(p_name, u.name),
        metadata = case when p_plan is null then u.metadata else u.metadata || jsonb_build_object('plan', p_plan) end
    where u.id = p_customer and u.erased_at is null;
    if not found then
        return jsonb_build_object('verdict', 'no_customer');
    end if;
    perform record_audit(p_actor, 'customer.changed', 'customer', p_customer, null,
                         jsonb_build_object('name', p_name is not null, 'plan', p_plan is not null));
    return jsonb_build_object('verdict', 'done');
end
$$;
