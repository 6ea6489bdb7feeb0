-- Ends tickets by time: resolves those that have waited for their customer for p_resolve_after (null: none), and closes
-- those that were resolved p_close_after ago. Nothing may wait in them, neither for the agent nor to be delivered.
-- Returns the number of tickets.
--
-- Which conversations are due was read before the lock; the tickets are read again under it. A conversation that is
-- locked by somebody else is found again later.
create or replace function end_idle_tickets(p_resolve_after interval, p_close_after interval, p_limit bigint)
returns bigint language plpgsql as $$
#variable_conflict use_column
declare
    v_locked uuid[];
    v_idle uuid[];
    v_over uuid[];
begin
    v_locked := array(
        select c.id from conversations c
        where c.last_inbound - c.answered_through = 0
          and c.id = any (array(
              select due.conversation_id from (
                  (select t.conversation_id from tickets t
                   where t.status = 'waiting_customer' and t.updated_at <= now() - p_resolve_after
                   order by t.updated_at limit p_limit)
                  union all
                  (select t.conversation_id from tickets t
                   where t.status = 'resolved' and t.resolved_at <= now() - p_close_after
                   order by t.resolved_at limit p_limit)) due))
        order by c.id for no key update skip locked);
    if cardinality(v_locked) = 0 then
        return 0;
    end if;
    v_locked := array(
        select l.id from unnest(v_locked) l (id)
        where not exists (select from deliveries d
                          where d.conversation_id = l.id and d.state in ('pending', 'sending')));

    v_idle := array(
        select t.conversation_id from tickets t
        where t.conversation_id = any (v_locked) and t.status = 'waiting_customer'
          and t.updated_at <= now() - p_resolve_after
        order by t.id for no key update);
    perform fence(v_idle, 'active');
    update tickets t set status = 'resolved', resolved_at = now(), reopened_from = null, updated_at = now()
    where t.conversation_id = any (v_idle) and t.status = 'waiting_customer';
    perform tell_watchers(i.id, 'resolved', i.id) from unnest(v_idle) i (id);

    v_over := array(
        select t.conversation_id from tickets t
        where t.conversation_id = any (v_locked) and t.status = 'resolved'
          and t.resolved_at <= now() - p_close_after
          and t.conversation_id <> all (v_idle)
        order by t.id for no key update);
    perform close_conversations(v_over);
    perform fold_closed_counts(interval '1 hour');
    return cardinality(v_idle) + cardinality(v_over);
end
$$;
