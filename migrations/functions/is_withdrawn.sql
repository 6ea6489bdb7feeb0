-- Whether a message was taken back as a whole: its customer never sees it. Inlined into the caller's statement.
create or replace function is_withdrawn(p_message uuid) returns boolean language sql stable as $$
    select coalesce((select bool_and(d.state = 'withdrawn') from deliveries d where d.message_id = p_message), false)
$$;
