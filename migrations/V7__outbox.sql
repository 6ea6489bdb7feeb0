-- The transactional outbox: pointers to work and events, without customer text. A row that can't be published is
-- parked, so that it blocks nobody.
create table outbox (
    id bigint primary key generated always as identity,
    topic text not null,
    key uuid not null,
    payload jsonb not null,
    lease_until timestamptz,
    parked_reason text,
    created_at timestamptz not null default now()
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);
