-- What is promised to a plan for a severity; a plan that is not known gets what the first one gets.
create or replace function sla_target(p_plan text, p_severity text) returns setof sla_targets
language sql stable as $$
    select g.* from sla_targets g where g.severity = p_severity
    order by lower(g.plan) = lower(trim(coalesce(p_plan, ''))) desc, g.place limit 1
$$;
