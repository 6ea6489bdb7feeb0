-- Which edition of each file of migrations/functions the database has. From here on the batch functions are kept
-- there and replaced when their file changes; V3 to V7 hold their first editions.
create table function_files (
    name text primary key,
    content_hash bytea not null,
    applied_at timestamptz not null default now()
);
