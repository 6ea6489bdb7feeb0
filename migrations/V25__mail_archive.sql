-- archived_at: when the mail's thread was taken out of the inbox because its ticket was resolved.
alter table message_emails add column archived_at timestamptz;
create index message_emails_unarchived on message_emails (mailbox, message_id)
    where thread_id is not null and archived_at is null;
