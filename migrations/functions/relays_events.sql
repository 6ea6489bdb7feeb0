-- Whether the caller's relay publishes the events of all topics to Kafka; otherwise it passes on only work, to the
-- pool of its own process.
create or replace function relays_events() returns boolean language sql stable as $$
    select coalesce(current_setting('fte.events', true), '') = 'on'
$$;
