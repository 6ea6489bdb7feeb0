-- What came with a customer's mail beside its text.

-- One place where a mail lies: a mailbox of ours and the provider's id in it. Several places can hold one mail, which
-- then is one message: the first is the mail itself, the others are copies of it.
--
-- automatic: a machine sent it. reason is why it got no automatic answer, null for a customer's mail. subject_base is
-- the subject without prefixes, folded: a reply under another one opens a conversation. full_text is the text with
-- quotes and signatures where the message holds less than that. raw_sha256 is the mail as it came, compressed, in the
-- store of files; remarks are for staff.
create table message_emails (
    mailbox text not null check (length(mailbox) <= 254),
    provider_id text not null check (length(provider_id) between 1 and 500),
    message_id uuid not null references messages,
    is_copy boolean not null default false,
    rfc_message_id text check (length(rfc_message_id) <= 1000),
    fingerprint bytea not null,
    thread_id text check (length(thread_id) <= 500),
    authentication text not null check (authentication in ('pass', 'fail', 'none')),
    automatic boolean not null default false,
    reason text check (reason in ('automatic', 'bulk', 'no_reply', 'report', 'own_address', 'not_to_us', 'no_sender',
                                  'staff_reply', 'encrypted', 'form_mail')),
    subject_base text not null default '',
    full_text text check (length(full_text) <= 100000),
    raw_sha256 bytea,
    raw_bytes bigint check (raw_bytes >= 0),
    remarks jsonb,
    created_at timestamptz not null default now(),
    primary key (mailbox, provider_id)
);
create index message_emails_message on message_emails (message_id);
create index message_emails_rfc on message_emails (rfc_message_id) where rfc_message_id is not null;
create index message_emails_thread on message_emails (mailbox, thread_id) where thread_id is not null;
create index message_emails_raw on message_emails (raw_sha256) where raw_sha256 is not null;
-- Two processes that store two copies of one mail at once meet here; the second looks again and finds the first.
create unique index message_emails_once on message_emails (rfc_message_id, fingerprint)
    where rfc_message_id is not null and not is_copy;

-- How many automatic replies a sender got within the last hour (recent_replies).
create index messages_mail_sender on messages (identifier_value, created_at)
    where channel = 'email' and direction = 'inbound';
