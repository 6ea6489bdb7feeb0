-- What staff work with at the console: whose a conversation is, what they wrote, what they asked for, and how a turn
-- ended.

-- assignee is who works on the conversation. severity and reason are those of its newest escalation, unless staff have
-- changed the severity. instruction is what staff told the bot when they handed the conversation back; it holds until the
-- next hand-off. takeover is the receipt of the newest take-over, while the conversation is in human hands.
alter table conversations
    add column assignee uuid references staff,
    add column tags text[] not null default '{}',
    add column severity text check (severity in ('low', 'normal', 'high', 'urgent')),
    add column reason text check (reason in ('pricing', 'refund', 'legal', 'human_request', 'abuse', 'sentiment',
                                             'no_answer', 'security', 'budget', 'failure')),
    add column snoozed_until timestamptz,
    add column instruction text check (length(instruction) <= 1000),
    add column takeover jsonb;
create index conversations_assignee on conversations (assignee);

create function note_escalation() returns trigger language plpgsql as $$
begin
    update conversations c
    set severity = (select a.severity from added a where a.conversation_id = c.id
                    order by a.created_at desc, a.id desc limit 1),
        reason = (select a.reason from added a where a.conversation_id = c.id
                  order by a.created_at desc, a.id desc limit 1)
    where c.id = any (array(select a.conversation_id from added a));
    return null;
end
$$;
create trigger escalations_added after insert on escalations
    referencing new table as added
    for each statement execute function note_escalation();

-- state: how the turn ended; only a committed one has written anything. instruction is what staff had told the bot then.
alter table turns
    add column state text not null default 'running'
        check (state in ('running', 'committed', 'superseded', 'fenced', 'taken_over')),
    add column instruction text check (length(instruction) <= 1000);
update turns set state = case when outcome is null then 'fenced' else 'committed' end where ended_at is not null;

-- Who wrote a message of staff. epoch is that of the conversation after it: while it has not changed, the reply can be
-- taken back. status_before is the ticket's status before it, which its customer sees until it is sent.
create table staff_messages (
    message_id uuid primary key references messages,
    staff_id uuid not null references staff,
    epoch bigint not null,
    status_before text
        check (status_before in ('open', 'waiting_customer', 'escalated', 'in_progress', 'resolved', 'closed')),
    suggestion_id uuid
);
create index staff_messages_staff on staff_messages (staff_id);

-- Whom a note mentions.
create table staff_mentions (
    message_id uuid not null references messages,
    staff_id uuid not null references staff,
    primary key (message_id, staff_id)
);
create index staff_mentions_staff on staff_mentions (staff_id);

-- Answers to requests with an Idempotency-Key, kept for a day. answer is null while the request is being carried out.
create table staff_requests (
    staff_id uuid not null references staff,
    path text not null check (length(path) <= 200),
    key text not null check (length(key) <= 255),
    fingerprint bytea not null,
    answer jsonb,
    created_at timestamptz not null default now(),
    primary key (staff_id, path, key)
);
create index staff_requests_created on staff_requests (created_at);

-- The address of a delivery, where it is another one than that the customer last wrote from on its channel.
alter table deliveries
    add column to_kind text check (to_kind in ('email', 'phone', 'provider_user')),
    add column to_value text,
    add constraint deliveries_to check ((to_kind is null) = (to_value is null));

-- ended_at: staff have retried the message, or dismissed it.
alter table dead_letters
    add column ended_at timestamptz,
    add column ended_by uuid references staff;
create index dead_letters_ended_by on dead_letters (ended_by);
create index dead_letters_open on dead_letters (conversation_id) where ended_at is null;
