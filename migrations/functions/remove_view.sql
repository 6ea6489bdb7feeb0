-- Removes a view of the queue: its author may, and admins where it is the team's.
create or replace function remove_view(p_id uuid, p_actor uuid, p_is_admin boolean) returns jsonb
language plpgsql as $$
#variable_conflict use_column
declare
    v_view saved_views;
begin
    select v.* into v_view from saved_views v where v.id = p_id for update;
    if v_view.id is null or (v_view.staff_id <> p_actor and not v_view.shared) then
        return jsonb_build_object('verdict', 'no_view');
    end if;
    if v_view.staff_id <> p_actor and not p_is_admin then
        return jsonb_build_object('verdict', 'forbidden');
    end if;
    delete from saved_views v where v.id = p_id;
    perform record_audit(p_actor, 'view.removed', 'view', p_id, null);
    return jsonb_build_object('verdict', 'done', 'view_id', p_id);
end
$$;
