-- Customers' rights: receipts of erasures, what is left of addresses that want no messages, files to remove, and jobs that
-- run once in the whole system.

-- When a customer was erased, and what a conversation lost its texts by: an erasure, or the retention period.
alter table customers add column erased_at timestamptz;
alter table conversations add column erased_at timestamptz;
create index conversations_unerased on conversations (last_message_at) where status = 'closed' and erased_at is null;

-- One for each erasure. It holds no name: the customer's row has none any more.
create table erasures (
    id uuid primary key default gen_random_uuid(),
    customer_id uuid not null references customers,
    actor uuid not null references staff,
    counts jsonb not null,
    erased_at timestamptz not null default now()
);
create index erasures_customer on erasures (customer_id, erased_at);
create index erasures_actor on erasures (actor);

-- Addresses that want no messages, of customers who were erased: SHA-256 of the kind and the value. Without it, a person
-- who said STOP and was erased would be written to again.
create table suppressed_addresses (
    digest bytea primary key,
    opted_out_at timestamptz not null
);

-- Digests of files that no row refers to any more, until they are removed from the store of files.
create table file_removals (
    sha256 bytea primary key,
    requested_at timestamptz not null default now()
);

-- When a job is due next, whichever process runs it (claim_job).
create table scheduled_jobs (
    name text primary key,
    due_at timestamptz not null
);

-- What the retention job looks for.
create index attachments_created on attachments using brin (created_at);
create index turn_steps_created on turn_steps using brin (created_at);
create index message_emails_raw_created on message_emails (created_at) where raw_sha256 is not null;
