-- A file that could not be fetched is tried again later.
alter table attachments add column due_at timestamptz not null default now();
drop index attachments_waiting;
create index attachments_due on attachments (channel, due_at) where state = 'pending';
