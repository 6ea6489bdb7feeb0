-- Whether the clocks of a conversation stand still: it waits for its customer, or support is closed.
create or replace function clocks_paused(p_conversation uuid) returns boolean language sql stable as $$
    select coalesce((
        select k.state = 'waiting' or k.state = 'running' and not coalesce(g.response_day_and_night, true)
               and not exists (select from support_openings o
                               where o.plan = g.plan and o.opens_at <= now() and o.closes_at > now())
        from conversation_clocks k left join sla_target_of(p_conversation) g on true
        where k.conversation_id = p_conversation), false)
$$;
