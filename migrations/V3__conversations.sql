-- Conversations, their tickets, their messages and the files beside messages.

-- epoch is the fencing token: a turn that holds an older one writes nothing. last_seq numbers the messages;
-- last_inbound is the newest inbound one, and inbound messages up to answered_through are answered. current_turn is
-- the turn that has begun and not ended; lease_owner is the process that runs it.
--
-- crash_count and faults count crashes and panics since the last finished turn. delay_acknowledged: inbound messages
-- up to here were waiting when the customer was told of the delay. language is the last one detected (ISO 639).
-- tokens_used and cost_micros grow with each recorded model call.
create table conversations (
    id uuid primary key,
    customer_id uuid not null references customers,
    channel text not null check (channel in ('email', 'whatsapp', 'web_form')),
    status text not null default 'active' check (status in ('active', 'escalated', 'closed')),
    attested boolean not null,
    epoch bigint not null default 0 check (epoch >= 0),
    last_seq bigint not null default 0,
    last_inbound bigint not null default 0,
    answered_through bigint not null default 0,
    delay_acknowledged bigint not null default 0,
    current_turn uuid,
    lease_owner uuid,
    lease_until timestamptz,
    crash_count smallint not null default 0,
    faults smallint not null default 0,
    sentiment real check (sentiment between 0 and 1),
    language text check (length(language) between 2 and 8),
    tokens_used bigint not null default 0,
    cost_micros bigint not null default 0,
    swept_at timestamptz,
    created_at timestamptz not null default now(),
    last_message_at timestamptz not null default now(),
    metadata jsonb not null default '{}',
    check (answered_through <= last_inbound and last_inbound <= last_seq),
    check ((lease_owner is null) = (lease_until is null))
) with (fillfactor = 80);
create index conversations_customer on conversations (customer_id);
-- The sweeper's. A batch function that looks up ids must not use it: begin_turns says how that is prevented.
create index conversations_waiting on conversations (last_message_at)
    where status = 'active' and answered_through < last_inbound;
-- The list of conversations that staff work on. apply_extras says how look-ups by id are kept away from it.
create index conversations_escalated on conversations (last_message_at) where status = 'escalated';
-- PROTOCOL.md 2.4: a customer has one open conversation among those that an attested message opened.
create unique index conversations_one_attested on conversations (customer_id) where attested and status <> 'closed';

create table tickets (
    id uuid primary key,
    number bigint not null generated always as identity (start with 1001),
    conversation_id uuid not null references conversations,
    subject text not null check (length(subject) <= 998),
    category text not null check (category in ('general', 'technical', 'billing', 'feedback', 'bug_report')),
    priority text not null check (priority in ('low', 'medium', 'high')),
    status text not null default 'open'
        check (status in ('open', 'waiting_customer', 'escalated', 'in_progress', 'resolved', 'closed')),
    contact_phone text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    resolved_at timestamptz
) with (fillfactor = 80);
create unique index tickets_one_open_a_conversation on tickets (conversation_id) where status <> 'closed';
create index tickets_conversation on tickets (conversation_id);

-- accepted_status is the ticket's status when the message was accepted: a repetition gets the same answer.
-- answered_by of an inbound message is the turn, or the staff message, that answered it. metadata holds what the
-- channel sent beside the text (profile name, button, location, reply-to), and `consent` where the message changed
-- it.
--
-- The foreign key is deferred, because a batch takes the external id before it inserts the conversation.
create table messages (
    id uuid primary key,
    conversation_id uuid not null references conversations deferrable initially deferred,
    seq bigint,
    channel text not null check (channel in ('email', 'whatsapp', 'web_form')),
    direction text not null check (direction in ('inbound', 'outbound')),
    role text not null check (role in ('customer', 'agent', 'staff')),
    kind text not null default 'message' check (kind in ('message', 'acknowledgement', 'note')),
    external_id text,
    fingerprint bytea,
    content text not null check (length(content) <= 100000),
    metadata jsonb,
    identifier_kind text check (identifier_kind in ('email', 'phone', 'provider_user')),
    identifier_value text,
    attested boolean not null default false,
    accepted_status text
        check (accepted_status in ('open', 'waiting_customer', 'escalated', 'in_progress', 'resolved', 'closed')),
    answered_by uuid,
    turn_id uuid,
    sources jsonb,
    tool_calls jsonb,
    model text,
    prompt_version text,
    tokens integer,
    latency_ms integer,
    sentiment real check (sentiment between 0 and 1),
    created_at timestamptz not null default now(),
    unique (channel, external_id),
    unique (conversation_id, seq),
    check ((direction = 'inbound') = (role = 'customer')),
    check (direction = 'inbound' or answered_by is null),
    check (direction = 'outbound' or external_id is not null)
) with (fillfactor = 80);
create index messages_created on messages using brin (created_at);

-- due_at is when the file may be fetched, or fetched again after a failure. url is null where the file came inside the
-- message.
create table attachments (
    id uuid primary key default gen_random_uuid(),
    message_id uuid not null references messages,
    channel text not null check (channel in ('email', 'whatsapp', 'web_form')),
    position smallint not null,
    url text check (length(url) <= 2000),
    announced_type text not null check (length(announced_type) <= 255),
    state text not null default 'pending' check (state in ('pending', 'stored', 'refused', 'failed')),
    attempts smallint not null default 0,
    due_at timestamptz not null default now(),
    content_type text,
    size_bytes bigint check (size_bytes >= 0),
    sha256 bytea,
    note text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (message_id, position),
    check ((state = 'stored') = (sha256 is not null)),
    check (url is not null or state = 'stored')
);
create index attachments_due on attachments (channel, due_at) where state = 'pending';
create index attachments_sha256 on attachments (sha256) where sha256 is not null;
