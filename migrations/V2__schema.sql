-- The records. Constraints make the illegal impossible; what is legal is decided in the program's domain code.
-- Some foreign keys are deferred: a batch claims its external ids before it makes the rows they point to.

create table customers (
    id uuid primary key,
    name text not null check (length(name) <= 200),
    metadata jsonb not null default '{}',
    created_at timestamptz not null default now()
);

create table customer_identifiers (
    kind text not null check (kind in ('email', 'phone', 'provider_user')),
    value text not null check (length(value) between 3 and 254),
    customer_id uuid not null references customers deferrable initially deferred,
    attested boolean not null default false,
    created_at timestamptz not null default now(),
    primary key (kind, value)
);
create index customer_identifiers_customer on customer_identifiers (customer_id);

-- last_seq numbers the messages; inbound ones up to settled_through are settled, up to last_inbound there are any.
-- epoch is the fencing token: whoever holds an older one writes nothing.
create table conversations (
    id uuid primary key,
    customer_id uuid not null references customers,
    channel text not null check (channel in ('email', 'whatsapp', 'web_form')),
    status text not null default 'active' check (status in ('active', 'escalated', 'closed')),
    attested boolean not null,
    epoch bigint not null default 0 check (epoch >= 0),
    last_seq bigint not null default 0,
    last_inbound bigint not null default 0,
    settled_through bigint not null default 0,
    current_turn uuid,
    lease_owner uuid,
    lease_until timestamptz,
    deaths smallint not null default 0,
    faults smallint not null default 0,
    sentiment real check (sentiment between 0 and 1),
    swept_at timestamptz,
    created_at timestamptz not null default now(),
    last_message_at timestamptz not null default now(),
    metadata jsonb not null default '{}',
    check (settled_through <= last_inbound and last_inbound <= last_seq),
    check ((lease_owner is null) = (lease_until is null))
) with (fillfactor = 80);
create index conversations_customer on conversations (customer_id);
create index conversations_waiting on conversations (last_message_at)
    where status = 'active' and settled_through < last_inbound;

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
create index tickets_closed on tickets (conversation_id) where status = 'closed';

-- answered_by of an inbound message is the turn, or the staff message, that settled it.
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
    identifier_kind text,
    identifier_value text,
    attested boolean not null default false,
    accepted_status text,
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

create table turns (
    id uuid primary key,
    conversation_id uuid not null references conversations,
    epoch bigint not null,
    covers bigint not null,
    owner uuid not null,
    outcome text check (outcome in ('answer', 'escalate', 'silent')),
    started_at timestamptz not null default now(),
    ended_at timestamptz,
    check (outcome is null or ended_at is not null)
) with (fillfactor = 80);

create table turn_steps (
    turn_id uuid not null references turns,
    number integer not null,
    kind text not null,
    content jsonb not null,
    created_at timestamptz not null default now(),
    primary key (turn_id, number)
);

create table deliveries (
    id uuid primary key,
    message_id uuid not null references messages,
    part smallint not null default 0,
    conversation_id uuid not null references conversations,
    channel text not null check (channel in ('email', 'whatsapp', 'web_form')),
    state text not null default 'pending'
        check (state in ('pending', 'sending', 'sent', 'delivered', 'read', 'failed', 'withdrawn')),
    attempts smallint not null default 0,
    lease_until timestamptz,
    provider_id text,
    cause text check (cause in ('opted_out', 'invalid_address', 'policy', 'bounced', 'rejected')),
    error text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (message_id, part)
) with (fillfactor = 80);
create index deliveries_unsettled on deliveries (channel, created_at) where state in ('pending', 'sending');

create table escalations (
    id uuid primary key,
    conversation_id uuid not null references conversations,
    turn_id uuid references turns,
    reason text not null check (reason in ('pricing', 'refund', 'legal', 'human_request', 'abuse', 'sentiment',
                                           'no_answer', 'security', 'budget', 'failure')),
    severity text not null check (severity in ('low', 'normal', 'high', 'urgent')),
    summary text not null,
    created_at timestamptz not null default now()
);
create index escalations_conversation on escalations (conversation_id);
create index escalations_created on escalations using brin (created_at);

create table dead_letters (
    id uuid primary key,
    conversation_id uuid not null references conversations,
    turn_id uuid references turns,
    reason text not null,
    created_at timestamptz not null default now()
);

-- Pointers to work, without customer text. A row that can't be handed on is parked, so that it blocks nobody.
create table outbox (
    id bigint primary key generated always as identity,
    topic text not null,
    key uuid not null,
    payload jsonb not null,
    lease_until timestamptz,
    parked_reason text,
    created_at timestamptz not null default now()
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);

create table knowledge_base (
    id text primary key,
    file text not null,
    position integer not null,
    title text not null,
    heading_path text not null,
    content text not null,
    content_hash bytea not null,
    words tsvector not null,
    updated_at timestamptz not null default now()
);
create index knowledge_base_words on knowledge_base using gin (words);

create table channel_configs (
    channel text primary key check (channel in ('email', 'whatsapp', 'web_form')),
    quiet_ms integer not null check (quiet_ms between 0 and 6000),
    updated_at timestamptz not null default now()
);
insert into channel_configs (channel, quiet_ms) values ('email', 0), ('whatsapp', 1500), ('web_form', 0);

create table agent_metrics (
    turn_id uuid primary key,
    conversation_id uuid not null,
    channel text not null,
    outcome text not null,
    latency_ms integer not null,
    model text not null,
    model_calls integer not null,
    tokens_in integer not null,
    tokens_out integer not null,
    created_at timestamptz not null default now()
);
create index agent_metrics_created on agent_metrics using brin (created_at);
