-- The open ticket of a conversation, else its latest closed one. In two parts, because each has an index of its own.
-- Inlined into the caller's statement: use it in `from`.
create or replace function current_ticket(p_conversation uuid) returns setof tickets language sql stable as $$
    (select * from tickets where conversation_id = p_conversation and status <> 'closed')
    union all
    (select * from tickets where conversation_id = p_conversation and status = 'closed'
     order by created_at desc limit 1)
    limit 1
$$;
