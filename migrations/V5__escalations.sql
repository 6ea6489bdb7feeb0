-- What was given to people, and messages that the agent could not process.

-- Staff are notified of each escalation once. The process that notifies them leases the row until notice_due_at; after
-- a failure, the next try is due at that time.
create table escalations (
    id uuid primary key,
    conversation_id uuid not null references conversations,
    turn_id uuid references turns,
    reason text not null check (reason in ('pricing', 'refund', 'legal', 'human_request', 'abuse', 'sentiment',
                                           'no_answer', 'security', 'budget', 'failure')),
    severity text not null check (severity in ('low', 'normal', 'high', 'urgent')),
    summary text not null,
    notice_due_at timestamptz not null default now(),
    notice_attempts integer not null default 0 check (notice_attempts >= 0),
    notified_at timestamptz,
    created_at timestamptz not null default now()
);
create index escalations_conversation on escalations (conversation_id);
create index escalations_turn on escalations (turn_id);
create index escalations_created on escalations using brin (created_at);
create index escalations_unnotified on escalations (notice_due_at) where notified_at is null;

-- Poison messages: turns on them crashed or panicked too often.
create table dead_letters (
    id uuid primary key,
    conversation_id uuid not null references conversations,
    turn_id uuid references turns,
    reason text not null,
    created_at timestamptz not null default now()
);
create index dead_letters_conversation on dead_letters (conversation_id);
create index dead_letters_turn on dead_letters (turn_id);
create index dead_letters_created on dead_letters (created_at);
