-- For how many seconds support has been open since the calendar of this plan begins.
create or replace function open_seconds(p_plan text, p_at timestamptz) returns double precision
language sql stable strict as $$
    select coalesce((
        select o.open_before + extract(epoch from least(p_at, o.closes_at) - o.opens_at)::double precision
        from support_openings o
        where o.plan = p_plan and o.opens_at <= p_at order by o.opens_at desc limit 1), 0)
$$;
