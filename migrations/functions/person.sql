-- An account as others see it; null without one.
create or replace function person(p_staff uuid) returns jsonb language sql stable as $$
    select jsonb_build_object('id', s.id, 'name', s.name) from staff s where s.id = p_staff
$$;
