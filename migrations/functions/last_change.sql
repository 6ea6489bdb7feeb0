-- When a conversation or its ticket last changed, as far as a queue shows it.
create or replace function last_change(p_conversation uuid) returns timestamptz language sql stable as $$
    select greatest(c.changed_at, t.updated_at) from conversations c, current_ticket(c.id) t
    where c.id = p_conversation
$$;
