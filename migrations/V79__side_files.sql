-- Files beside messages of side conversations. They are in no table that anything reads which a customer or a model sees.

-- An account has uploaded it, to send it with one of its messages, or a third party has sent it. message_id is null until it
-- belongs to a message; what never does is removed after a day.
create table side_files (
    id uuid primary key,
    staff_id uuid references staff,
    message_id uuid references side_messages on delete cascade,
    position smallint not null default 0,
    name text check (length(name) between 1 and 200),
    content_type text not null check (length(content_type) <= 255),
    size_bytes bigint not null check (size_bytes >= 0),
    sha256 bytea not null,
    created_at timestamptz not null default now(),
    check (staff_id is not null or message_id is not null)
);
create index side_files_staff on side_files (staff_id) where staff_id is not null;
create index side_files_message on side_files (message_id) where message_id is not null;
create index side_files_sha256 on side_files (sha256);
create index side_files_created on side_files (created_at);
