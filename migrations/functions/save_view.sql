-- Adds a view of the queue (p_is_new), or replaces one: its author may, and admins where it is the team's.
create or replace function save_view(
    p_id uuid, p_actor uuid, p_is_admin boolean, p_is_new boolean, p_name text, p_shared boolean, p_queue text,
    p_sort text, p_filters jsonb, p_limit bigint
) returns jsonb language plpgsql as $$
#variable_conflict use_column
declare
    v_view saved_views;
begin
    if p_is_new then
        -- Of two requests of one account at the same time, the second one counts the view of the first.
        perform from staff s where s.id = p_actor for no key update;
        if (select count(*) from saved_views v where v.staff_id = p_actor) >= p_limit then
            return jsonb_build_object('verdict', 'too_many_views');
        end if;
        insert into saved_views (id, staff_id, name, shared, queue, sort, filters)
        values (p_id, p_actor, p_name, p_shared, p_queue, p_sort, p_filters);
    else
        select v.* into v_view from saved_views v where v.id = p_id for update;
        if v_view.id is null or (v_view.staff_id <> p_actor and not v_view.shared) then
            return jsonb_build_object('verdict', 'no_view');
        end if;
        if v_view.staff_id <> p_actor and not p_is_admin then
            return jsonb_build_object('verdict', 'forbidden');
        end if;
        update saved_views v
        set name = p_name, shared = p_shared, queue = p_queue, sort = p_sort, filters = p_filters, updated_at = now()
        where v.id = p_id;
    end if;
    perform record_audit(p_actor, case when p_is_new then 'view.added' else 'view.changed' end, 'view', p_id, null);
    return jsonb_build_object('verdict', 'done', 'view_id', p_id);
exception when unique_violation then
    return jsonb_build_object('verdict', 'view_name_taken');
end
$$;
