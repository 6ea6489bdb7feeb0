-- Views of the queue that staff keep: a queue with its order and filters, for everybody or for their author alone.
create table saved_views (
    id uuid primary key,
    staff_id uuid not null references staff,
    name text not null check (length(name) between 1 and 60),
    shared boolean not null,
    queue text not null,
    sort text not null,
    filters jsonb not null,
    updated_at timestamptz not null default now()
);
create index saved_views_staff on saved_views (staff_id);
-- A name is unique among an account's own views, and among those of the team.
create unique index saved_views_own on saved_views (staff_id, lower(name)) where not shared;
create unique index saved_views_team on saved_views (lower(name)) where shared;
