-- The processes whose leases ran out during a turn since the last finished one. A process that was only stopped, or cut
-- off from the database, removes itself when it finds out (PROTOCOL.md 5: only deaths count). It replaces crash_count,
-- which nothing writes any more and a later release drops.
alter table conversations add column crashed_owners uuid[] not null default '{}';
