-- Reports that were begun by the schedule, and the mails that bring them to staff.

-- first_day: of the period, in UTC. The row is the claim: of several processes, the one that inserts it makes the report.
create table reports (
    kind text not null check (kind in ('daily', 'weekly')),
    first_day date not null,
    begun_at timestamptz not null default now(),
    primary key (kind, first_day)
);

-- A process leases a mail until due_at. in_doubt: an attempt began of which it is not known whether the mail was accepted;
-- before another one, the mailbox is asked. failed: the mail was given up.
create table report_mails (
    id uuid primary key default gen_random_uuid(),
    kind text not null check (kind in ('daily', 'weekly')),
    first_day date not null,
    address text not null check (length(address) between 3 and 254),
    attempts integer not null default 0 check (attempts >= 0),
    in_doubt boolean not null default false,
    due_at timestamptz not null default now(),
    settled_at timestamptz,
    failed boolean not null default false,
    unique (kind, first_day, address),
    foreign key (kind, first_day) references reports
);
create index report_mails_due on report_mails (due_at) where settled_at is null;
