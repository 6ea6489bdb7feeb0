-- Customers and the addresses they are known by. Constraints forbid states that must not exist; the program's domain
-- code decides which of the permitted ones comes next.

create table customers (
    id uuid primary key,
    name text not null check (length(name) <= 200),
    metadata jsonb not null default '{}',
    created_at timestamptz not null default now()
);

-- attested: the channel has proved that the sender owns the address. last_inbound_at starts a provider's window for
-- free text. opted_out_at is set while the address wants no messages (STOP).
--
-- The foreign key is deferred, because a batch takes the address before it inserts the customer.
create table customer_identifiers (
    kind text not null check (kind in ('email', 'phone', 'provider_user')),
    value text not null check (length(value) between 3 and 254),
    customer_id uuid not null references customers deferrable initially deferred,
    attested boolean not null default false,
    last_inbound_at timestamptz,
    opted_out_at timestamptz,
    created_at timestamptz not null default now(),
    primary key (kind, value)
);
create index customer_identifiers_customer on customer_identifiers (customer_id, kind);
