-- What is promised in a conversation: by its customer's plan, and by its severity, or else by its ticket's priority.
create or replace function sla_target_of(p_conversation uuid) returns setof sla_targets language sql stable as $$
    select g.* from conversations c
    join customers u on u.id = c.customer_id
    cross join lateral current_ticket(c.id) t
    cross join lateral sla_target(
        u.metadata ->> 'plan',
        coalesce(c.severity, case t.priority when 'medium' then 'normal' else t.priority end)) g
    where c.id = p_conversation
$$;
