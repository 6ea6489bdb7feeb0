-- What staff are shown of a mail that was sent: to whom, and which of its recipients did not get it.

-- address: where the newest attempt was sent to; a customer may write from another address later. mailbox: the one of
-- ours that a mail is sent from, for all of its attempts, because a draft is in one mailbox.
alter table deliveries add column address text check (length(address) <= 254);
alter table deliveries add column mailbox text check (length(mailbox) <= 254);

-- Recipients that a delivery did not reach, those in copy included. A delivery may have failed recipients and be sent:
-- a server that refuses one in copy takes the mail for the others. cause and detail: as in deliveries.
create table delivery_failures (
    delivery_id uuid not null references deliveries on delete cascade,
    address text not null check (length(address) between 1 and 254),
    cause text not null check (cause in ('opted_out', 'invalid_address', 'policy', 'bounced', 'rejected')),
    detail text not null default '',
    created_at timestamptz not null default now(),
    primary key (delivery_id, address)
);
