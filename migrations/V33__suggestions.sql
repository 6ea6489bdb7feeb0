-- Replies that the agent suggested to staff. public_seq is the number of the newest message that it had read: a newer
-- public one retires the suggestion.
create table suggestions (
    id uuid primary key,
    conversation_id uuid not null references conversations,
    staff_id uuid not null references staff,
    instruction text check (length(instruction) <= 1000),
    content text check (length(content) <= 100000),
    sources jsonb not null default '[]',
    public_seq bigint not null,
    created_at timestamptz not null default now()
);
create index suggestions_conversation on suggestions (conversation_id);
create index suggestions_staff on suggestions (staff_id);
