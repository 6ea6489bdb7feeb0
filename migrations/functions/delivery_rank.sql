-- The order in which delivery states follow each other.
create or replace function delivery_rank(p_state text) returns integer language sql immutable as $$
    select array_position(array['sending', 'sent', 'failed', 'delivered', 'read'], p_state)
$$;
