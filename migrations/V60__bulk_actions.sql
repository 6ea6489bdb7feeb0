-- Bulk actions of staff: one action for many conversations, and what is needed to undo it.

-- When anything about a conversation that staff see in a queue last changed, its ticket apart: a bulk action leaves alone
-- what has changed since its list was read.
alter table conversations add column changed_at timestamptz not null default now();
create function note_change_time() returns trigger language plpgsql as $$
begin
    new.changed_at := clock_timestamp();
    return new;
end
$$;
create trigger conversations_changed before update on conversations for each row
    when (old.status is distinct from new.status or old.assignee is distinct from new.assignee
          or old.tags is distinct from new.tags or old.severity is distinct from new.severity
          or old.snoozed_until is distinct from new.snoozed_until or old.customer_id is distinct from new.customer_id
          or old.last_seq is distinct from new.last_seq or old.channel is distinct from new.channel)
    execute function note_change_time();

-- request_key and fingerprint are those of the request: repeated, it goes on with the same operation. targets are the
-- conversations in their order. ended_at is when every target had its step.
create table bulk_operations (
    id uuid primary key,
    staff_id uuid not null references staff,
    action text not null
        check (action in ('assign', 'release', 'snooze', 'patch', 'resolve', 'hand_back', 'reply')),
    as_of timestamptz not null,
    request_key text check (length(request_key) <= 255),
    fingerprint bytea,
    targets uuid[] not null,
    created_at timestamptz not null default now(),
    ended_at timestamptz,
    unique (staff_id, request_key)
);
create index bulk_operations_created on bulk_operations (created_at);

-- What an operation did to one conversation, written in the transaction that did it. code says why nothing was done.
-- before is the conversation's state before it; answered_by is the message that answers what waited, and turns are
-- those whose replies it withdrew. after_at is when the conversation had last changed after it: changed since, it is not
-- undone.
create table bulk_steps (
    bulk_id uuid not null references bulk_operations on delete cascade,
    conversation_id uuid not null references conversations,
    code text,
    before jsonb,
    answered_by uuid,
    turns uuid[] not null default '{}',
    after_at timestamptz,
    undone_at timestamptz,
    primary key (bulk_id, conversation_id)
);
create index bulk_steps_conversation on bulk_steps (conversation_id);
