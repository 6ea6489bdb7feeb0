-- Linking a chat to the customer of an e-mail address that is named in it, after a code that is mailed there comes back
-- through the chat (PROTOCOL.md 8.2).

-- One code that was asked for. The code itself stands nowhere: code_hash is SHA-256 over code_salt and the code, and
-- both are null until a code is made, which is when it is mailed. An address that nobody has gets none, and everything
-- else happens all the same. due_at is when somebody must act: mail the code of an open one, join the customers of a
-- proved one; null is never.
create table link_challenges (
    id uuid primary key,
    conversation_id uuid not null references conversations,
    customer_id uuid not null references customers,
    email text not null check (length(email) between 3 and 254),
    state text not null default 'open' check (state in ('open', 'replaced', 'spent', 'proved', 'used')),
    code_salt uuid,
    code_hash bytea,
    tries smallint not null default 0 check (tries between 0 and 5),
    mail_attempts smallint not null default 0,
    due_at timestamptz default now(),
    expires_at timestamptz not null default now() + interval '10 minutes',
    created_at timestamptz not null default now(),
    mailed_at timestamptz,
    check ((code_salt is null) = (code_hash is null))
);
create unique index link_challenges_one_open on link_challenges (conversation_id) where state = 'open';
create index link_challenges_customer on link_challenges (customer_id, created_at);
create index link_challenges_email on link_challenges (email, created_at);
create index link_challenges_due on link_challenges (due_at) where state in ('open', 'proved') and due_at is not null;

-- Customers that became one: what moved, so that it can be moved back.
create table customer_joins (
    id uuid primary key default gen_random_uuid(),
    from_customer uuid not null references customers,
    into_customer uuid not null references customers,
    challenge_id uuid references link_challenges,
    identifiers jsonb not null,
    conversations uuid[] not null,
    closed_conversation uuid references conversations,
    created_at timestamptz not null default now()
);
create index customer_joins_into on customer_joins (into_customer);

-- What a turn said about linking, where it did.
alter table turns add column link text
    check (link in ('asked', 'wrong', 'over', 'spent', 'proved', 'limited', 'unavailable'));
