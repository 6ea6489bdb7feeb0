-- Accounts of staff, their sessions, tokens of programs, and who did what.

-- Without a password nobody can sign in: so is `service`, as which programs act that have no account of their own.
-- email is in lower case. totp_secret is null while two-factor authentication is off; totp_pending is a secret that was
-- shown and not confirmed. totp_last_step is the newest time step whose code was used: no code works twice.
create table staff (
    id uuid primary key,
    email text not null unique check (email = lower(email) and length(email) between 3 and 254),
    name text not null check (length(name) between 1 and 100),
    role text not null check (role in ('agent', 'admin')),
    password_hash text check (length(password_hash) <= 300),
    active boolean not null default true,
    totp_secret bytea,
    totp_pending bytea,
    totp_last_step bigint not null default 0,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
insert into staff (id, email, name, role)
values ('00000000-0000-0000-0000-000000000001', 'service@localhost', 'service', 'admin');

-- SHA-256 of each code; it is long enough for a plain hash. pending: shown, while two-factor authentication is off.
create table staff_recovery_codes (
    staff_id uuid not null references staff,
    code_hash bytea not null,
    pending boolean not null default true,
    used_at timestamptz,
    primary key (staff_id, code_hash)
);

-- token_hash is SHA-256 of the cookie's value.
create table staff_sessions (
    token_hash bytea primary key,
    staff_id uuid not null references staff,
    created_at timestamptz not null default now(),
    last_seen_at timestamptz not null default now()
);
create index staff_sessions_staff on staff_sessions (staff_id);
create index staff_sessions_seen on staff_sessions (last_seen_at);

-- Attempts to sign in that have failed, or are not decided yet. account is what was typed, whether it exists or not.
create table login_attempts (
    id bigint primary key generated always as identity,
    account text not null check (length(account) <= 254),
    address text not null,
    at timestamptz not null default now()
);
create index login_attempts_account on login_attempts (account, at);
create index login_attempts_address on login_attempts (address, at);

-- Tokens of programs: SHA-256 of the token, and its beginning, by which people tell it from others. One with a customer
-- shows that customer's data alone.
create table api_tokens (
    id uuid primary key,
    name text not null check (length(name) between 1 and 100),
    prefix text not null,
    token_hash bytea not null unique,
    scopes text[] not null check (scopes <@ array['read', 'staff', 'ops', 'ingest']),
    staff_id uuid not null references staff,
    customer_id uuid references customers,
    expires_at timestamptz,
    revoked_at timestamptz,
    last_used_at timestamptz,
    created_at timestamptz not null default now()
);
create index api_tokens_staff on api_tokens (staff_id);
create index api_tokens_customer on api_tokens (customer_id);

-- What accounts did, written in the transaction that did it.
create table audit_log (
    id uuid primary key default gen_random_uuid(),
    at timestamptz not null default now(),
    actor uuid not null references staff,
    action text not null,
    subject_kind text not null,
    subject_id text not null,
    conversation_id uuid references conversations,
    details jsonb not null default '{}'
);
create index audit_log_at on audit_log (at);
create index audit_log_actor on audit_log (actor, at);
create index audit_log_conversation on audit_log (conversation_id);
