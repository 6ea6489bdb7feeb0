-- The status of a ticket before the oldest reply that has not left its conversation; null where all have left. Customers
-- see it until then. Before a reply of the bot it is open.
create or replace function status_before_pending(p_conversation uuid) returns text language sql stable as $$
    select coalesce(s.status_before, 'open')
    from deliveries d
    join messages m on m.id = d.message_id
    left join staff_messages s on s.message_id = m.id
    where d.conversation_id = p_conversation and d.state = 'pending'
    order by m.seq limit 1
$$;
