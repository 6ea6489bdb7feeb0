-- Replies to be delivered by channels, and the channels themselves.

-- One part of an outbound message. body is the text of the part where the message has several; null means the whole
-- message. requested_at is when the newest attempt began. unresolved_attempts counts attempts that stayed in doubt: it is
-- unknown whether they reached the provider. cause is why a failed one failed. recipients are those of a mail beside its
-- customer ({to, cc, bcc}).
create table deliveries (
    id uuid primary key,
    message_id uuid not null references messages,
    part smallint not null default 0,
    conversation_id uuid not null references conversations,
    channel text not null check (channel in ('email', 'whatsapp', 'web_form')),
    body text,
    recipients jsonb,
    state text not null default 'pending'
        check (state in ('pending', 'sending', 'sent', 'delivered', 'read', 'failed', 'withdrawn')),
    attempts smallint not null default 0,
    unresolved_attempts smallint not null default 0,
    requested_at timestamptz,
    not_before timestamptz,
    lease_until timestamptz,
    provider_id text,
    cause text check (cause in ('opted_out', 'invalid_address', 'policy', 'bounced', 'rejected')),
    error text,
    delivered_at timestamptz,
    read_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (message_id, part)
) with (fillfactor = 80);
create index deliveries_conversation on deliveries (conversation_id);
create index deliveries_open on deliveries (channel, created_at) where state in ('pending', 'sending');
-- The queue of one conversation: a reply waits until every earlier one is sent or failed (lease_deliveries).
create index deliveries_queue on deliveries (conversation_id, channel)
    where state in ('pending', 'sending') and channel <> 'web_form';
create unique index deliveries_provider on deliveries (channel, provider_id) where provider_id is not null;

-- quiet_ms is the debounce: so long after a message the agent waits for another one before it answers.
create table channel_configs (
    channel text primary key check (channel in ('email', 'whatsapp', 'web_form')),
    quiet_ms integer not null check (quiet_ms between 0 and 6000),
    updated_at timestamptz not null default now()
);
insert into channel_configs (channel, quiet_ms) values ('email', 0), ('whatsapp', 1500), ('web_form', 0);

-- How far a provider's list of messages has been read.
create table channel_cursors (
    channel text not null check (channel in ('email', 'whatsapp', 'web_form')),
    account text not null,
    cursor text not null,
    updated_at timestamptz not null default now(),
    primary key (channel, account)
);

-- A token bucket for each channel, shared by all processes: tokens at filled_at, refilled at the configured rate up
-- to one second's worth (lease_deliveries).
create table sender_rates (
    channel text primary key check (channel in ('email', 'whatsapp', 'web_form')),
    tokens double precision not null default 0 check (tokens >= 0),
    filled_at timestamptz not null default '-infinity'
) with (fillfactor = 50);
insert into sender_rates (channel) values ('email'), ('whatsapp'), ('web_form');
