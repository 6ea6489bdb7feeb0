-- Which functions the database has: the files of migrations/functions are replaced at start when they have changed,
-- and a newer set is never replaced by an older one (docs/decisions/0030).

create table function_files (
    name text primary key,
    content_hash bytea not null,
    applied_at timestamptz not null default now()
);

-- At most one row. edition is that of the files as a whole; oldest_served is the oldest edition whose programs these
-- functions still serve.
create table function_set (
    is_only boolean primary key default true check (is_only),
    edition integer not null check (edition > 0),
    oldest_served integer not null check (oldest_served between 1 and edition),
    applied_at timestamptz not null default now()
);
