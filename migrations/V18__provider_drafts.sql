-- The draft that a provider holds of a delivery. It is stored before it is sent; sending removes it at the provider, so
-- that a repetition fails instead of sending twice.
create table delivery_drafts (
    delivery_id uuid primary key references deliveries on delete cascade,
    provider_draft text not null check (length(provider_draft) between 1 and 500),
    created_at timestamptz not null default now()
);

-- The newest push of a provider for each account: when it came, and the position that it named. No feed goes on from
-- that position: pushes are dropped, doubled, and overtake each other.
create table feed_notices (
    channel text not null check (channel in ('email', 'whatsapp', 'web_form')),
    account text not null check (length(account) <= 500),
    position text not null check (length(position) <= 500),
    received_at timestamptz not null default now(),
    primary key (channel, account)
);
