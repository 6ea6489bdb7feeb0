-- WhatsApp: what came beside a message's text, files, consent, and deliveries through a provider.

-- particulars of the channel (profile name, button, location, reply-to); consent where the message changed it.
alter table messages add column metadata jsonb;

-- The language that the customer writes, as last detected (ISO 639).
alter table conversations add column language text check (length(language) between 2 and 8);

-- last_inbound_at is what a provider's window for free text is counted from; opted_out_at is the state of consent.
alter table customer_identifiers
    add column last_inbound_at timestamptz,
    add column opted_out_at timestamptz;

-- PROTOCOL.md 2.4: among conversations opened by an attested message, one open per customer.
create unique index conversations_one_attested on conversations (customer_id) where attested and status <> 'closed';

create table attachments (
    id uuid primary key default gen_random_uuid(),
    message_id uuid not null references messages,
    channel text not null check (channel in ('email', 'whatsapp', 'web_form')),
    position smallint not null,
    url text check (length(url) <= 2000),
    announced_type text not null check (length(announced_type) <= 255),
    state text not null default 'pending' check (state in ('pending', 'stored', 'refused', 'failed')),
    attempts smallint not null default 0,
    lease_until timestamptz,
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
create index attachments_waiting on attachments (created_at) where state = 'pending';

-- How far a provider's list of messages has been read.
create table channel_cursors (
    channel text not null check (channel in ('email', 'whatsapp', 'web_form')),
    account text not null,
    cursor text not null,
    updated_at timestamptz not null default now(),
    primary key (channel, account)
);

-- recipients are those of a mail beside its customer ({to, cc, bcc}). body is the text of one part where a message has several; null is the whole message. requested_at is when the
-- newest attempt began; ambiguities counts attempts of which nobody knows whether they arrived.
alter table deliveries
    add column body text,
    add column recipients jsonb,
    add column requested_at timestamptz,
    add column not_before timestamptz,
    add column ambiguities smallint not null default 0,
    add column delivered_at timestamptz,
    add column read_at timestamptz;
create index deliveries_line on deliveries (conversation_id, channel)
    where state in ('pending', 'sending') and channel <> 'web_form';
create unique index deliveries_provider on deliveries (channel, provider_id) where provider_id is not null;
