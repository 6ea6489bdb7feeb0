-- Merges by staff: of customers and of conversations, each of which can be undone.

-- staff_id is who merged the customers; null where a code proved that they are one. closed_before is the state of
-- closed_conversation before it was closed.
alter table customer_joins
    add column staff_id uuid references staff,
    add column undone_at timestamptz,
    add column closed_before jsonb;
create index customer_joins_staff on customer_joins (staff_id);

-- The conversation that a merged one goes on in; it is closed itself.
alter table conversations add column merged_into uuid references conversations;
create index conversations_merged_into on conversations (merged_into);

-- before is the source's state before the merge, note the message that records it and answers what waited, turns are
-- those whose replies it withdrew.
create table conversation_merges (
    id uuid primary key,
    source_id uuid not null references conversations,
    target_id uuid not null references conversations,
    staff_id uuid not null references staff,
    before jsonb not null,
    note uuid not null,
    turns uuid[] not null,
    created_at timestamptz not null default now(),
    undone_at timestamptz
);
create index conversation_merges_source on conversation_merges (source_id);
create index conversation_merges_target on conversation_merges (target_id);
create index conversation_merges_staff on conversation_merges (staff_id);
