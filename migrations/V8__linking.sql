-- Linking a chat to the customer of an e-mail address by a code that is mailed there (PROTOCOL.md 8.2).

-- One code that was requested. The code itself is never stored: code_hash is SHA-256 over code_salt and the code;
-- both are null until a code is made, which is when it is mailed. No code is made for an address that no customer
-- has, and everything else happens as usual, so that the requester learns nothing.
--
-- due_at is when somebody must act: mail the code of an open challenge, or join the customers of a proved one. Null
-- is never. How many tries there are and how long a code is valid are constants of domain::customers::linking.
create table link_challenges (
    id uuid primary key,
    conversation_id uuid not null references conversations,
    customer_id uuid not null references customers,
    email text not null check (length(email) between 3 and 254),
    state text not null default 'open' check (state in ('open', 'replaced', 'spent', 'proved', 'used')),
    code_salt uuid,
    code_hash bytea,
    tries smallint not null default 0 check (tries >= 0),
    mail_attempts smallint not null default 0,
    due_at timestamptz default now(),
    expires_at timestamptz not null,
    created_at timestamptz not null default now(),
    mailed_at timestamptz,
    check ((code_salt is null) = (code_hash is null))
);
create index link_challenges_conversation on link_challenges (conversation_id);
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
create index customer_joins_from on customer_joins (from_customer);
create index customer_joins_into on customer_joins (into_customer);
create index customer_joins_challenge on customer_joins (challenge_id);
create index customer_joins_closed on customer_joins (closed_conversation);
