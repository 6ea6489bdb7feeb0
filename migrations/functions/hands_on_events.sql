-- Whether the caller's relay hands on the events of all topics, to Kafka; else only work, to the pool of its own
-- process.
create or replace function hands_on_events() returns boolean language sql stable as $$
    select coalesce(current_setting('fte.events', true), '') = 'on'
$$;
