-- Whether events for other systems are to be written (docs/events.md). The program sets fte.events on its connections
-- where Kafka is configured: `on`, or `written` where relays of other processes hand them on.
create or replace function wants_events() returns boolean language sql stable as $$
    select coalesce(current_setting('fte.events', true), '') in ('on', 'written')
$$;
