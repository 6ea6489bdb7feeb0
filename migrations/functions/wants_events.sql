-- Whether events for other systems are written (docs/events.md). The program sets fte.events on its connections if
-- Kafka is configured: `on`, or `written` if relays of other processes publish them.
create or replace function wants_events() returns boolean language sql stable as $$
    select coalesce(current_setting('fte.events', true), '') in ('on', 'written')
$$;
