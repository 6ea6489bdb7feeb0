-- Adds up the counts of closed conversations, once in p_every in the whole system: one row for each combination of values.
-- Sums stay what they are.
create or replace function fold_closed_counts(p_every interval) returns void language plpgsql as $$
#variable_conflict use_column
begin
    if not claim_job('closed_counts', p_every) then
        return;
    end if;
    with gone as (
        delete from closed_counts k
        returning k.channel, k.ticket_status, k.priority, k.severity, k.reason, k.assignee, k.n)
    insert into closed_counts (channel, ticket_status, priority, severity, reason, assignee, n)
    select g.channel, g.ticket_status, g.priority, g.severity, g.reason, g.assignee, sum(g.n)
    from gone g
    group by g.channel, g.ticket_status, g.priority, g.severity, g.reason, g.assignee
    having sum(g.n) <> 0;
end
$$;
