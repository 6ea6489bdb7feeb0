-- Makes active accounts watch a locked conversation; returns those that have not watched it before. An account that is being
-- disabled is waited for.
create or replace function add_watchers(p_conversation uuid, p_staff uuid[]) returns uuid[] language sql as $$
    with active as (
        select s.id from staff s where s.id = any (p_staff) and s.active order by s.id for share
    ), added as (
        insert into conversation_watchers (conversation_id, staff_id)
        select p_conversation, a.id from active a
        on conflict (conversation_id, staff_id) do nothing returning staff_id
    )
    select coalesce(array_agg(a.staff_id), '{}') from added a
$$;
