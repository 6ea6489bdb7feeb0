-- Side conversations of staff with third parties, by mail. They belong to a conversation, and their texts are in no table
-- that anything reads which a customer or a model sees.

-- recipients are addresses; they never change.
create table side_conversations (
    id uuid primary key,
    conversation_id uuid not null references conversations,
    staff_id uuid not null references staff,
    subject text not null check (length(subject) between 1 and 200),
    recipients text[] not null check (cardinality(recipients) between 1 and 20),
    created_at timestamptz not null default now()
);
create index side_conversations_conversation on side_conversations (conversation_id);
create index side_conversations_staff on side_conversations (staff_id);

-- An outbound message has the Message-ID `<fte.{id}@…>` and is sent by whoever holds its lease. An inbound one has the
-- note that tells of it. sender is who wrote an inbound one; attested: the receiving server vouches for that.
create table side_messages (
    id uuid primary key,
    side_id uuid not null references side_conversations,
    staff_id uuid references staff,
    direction text not null check (direction in ('inbound', 'outbound')),
    sender text check (length(sender) <= 254),
    attested boolean not null default false,
    content text not null check (length(content) <= 100000),
    rfc_message_id text,
    state text not null check (state in ('pending', 'sending', 'sent', 'failed', 'received')),
    attempts smallint not null default 0,
    due_at timestamptz,
    error text,
    note_id uuid references messages,
    created_at timestamptz not null default now(),
    check ((direction = 'inbound') = (state = 'received'))
);
create index side_messages_side on side_messages (side_id, created_at);
create index side_messages_staff on side_messages (staff_id);
create index side_messages_note on side_messages (note_id);
create index side_messages_due on side_messages (due_at) where state in ('pending', 'sending');
create index side_messages_rfc on side_messages (rfc_message_id) where rfc_message_id is not null;
