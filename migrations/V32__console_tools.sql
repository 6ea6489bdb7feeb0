-- Tools of the console: drafts, macros, verdicts on the bot's messages, resent deliveries, revoked links, and the indexes
-- of its search.

-- What an account is about to write in a conversation. revision grows with each change, so that two windows do not
-- overwrite each other.
create table staff_drafts (
    staff_id uuid not null references staff,
    conversation_id uuid not null references conversations,
    content text not null check (length(content) <= 10000),
    channel text check (channel in ('email', 'whatsapp', 'web_form')),
    cc jsonb,
    bcc jsonb,
    revision bigint not null check (revision > 0),
    updated_at timestamptz not null default now(),
    primary key (staff_id, conversation_id)
);
create index staff_drafts_conversation on staff_drafts (conversation_id);

-- Texts with placeholders, for everybody or for their author alone. actions is what a console does with them.
create table macros (
    id uuid primary key,
    staff_id uuid not null references staff,
    name text not null check (length(name) between 1 and 100),
    content text not null check (length(content) <= 10000),
    shared boolean not null default false,
    actions jsonb not null default '{}',
    updated_at timestamptz not null default now()
);
create index macros_staff on macros (staff_id);

-- What staff think of a message of the bot.
create table message_feedback (
    message_id uuid not null references messages,
    staff_id uuid not null references staff,
    verdict text not null check (verdict in ('wrong', 'good')),
    comment text check (length(comment) <= 2000),
    created_at timestamptz not null default now(),
    primary key (message_id, staff_id)
);
create index message_feedback_staff on message_feedback (staff_id);

-- The delivery that was made in place of a failed one. Its message is as far as that one is.
alter table deliveries add column resent_as uuid references deliveries;
create index deliveries_resent on deliveries (resent_as);

-- Since when the ticket's page is gone, because staff have revoked its address.
alter table tickets add column link_revoked_at timestamptz;

-- Search of the console: whole words of messages, parts of names, addresses and subjects.
create index messages_words on messages using gin (to_tsvector('simple', left(content, 20000)));
create index customers_name on customers using gin (name gin_trgm_ops);
create index customer_identifiers_value on customer_identifiers using gin (value gin_trgm_ops);
create index tickets_subject on tickets using gin (subject gin_trgm_ops);
create unique index tickets_number on tickets (number);
