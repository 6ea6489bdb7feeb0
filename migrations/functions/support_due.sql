-- When support has been open for p_seconds since p_from; the same as SupportHours::after of the domain. Beyond the calendar,
-- and for a plan that is supported at all times, nights count too.
create or replace function support_due(p_plan text, p_from timestamptz, p_seconds double precision)
returns timestamptz language sql stable strict as $$
    select coalesce((
        select case when a.place - o.open_before <= extract(epoch from o.closes_at - o.opens_at)
                    then o.opens_at + make_interval(secs => a.place - o.open_before) end
        from (select open_seconds(p_plan, p_from) + p_seconds as place) a
        join support_openings o on o.plan = p_plan and o.open_before < a.place
        order by o.open_before desc limit 1), p_from + make_interval(secs => p_seconds))
$$;
