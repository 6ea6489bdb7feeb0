-- Reminders of escalations that nobody has taken: one row for each, written once in the whole system. Whatever tells
-- somebody of a reminder starts from this row. mail_due_at: where there is a mailbox, the process that mails staff leases the
-- row until then; after a failure, that is the next try.

-- How often staff have been reminded of an escalation. Each reminder is told as a notice of its own.
alter table escalations add column reminders smallint not null default 0;

create table escalation_reminders (
    id uuid primary key default gen_random_uuid(),
    escalation_id uuid not null references escalations,
    conversation_id uuid not null references conversations,
    number smallint not null check (number between 1 and 2),
    severity text not null check (severity in ('low', 'normal', 'high', 'urgent')),
    mail_due_at timestamptz not null default now(),
    mailed_at timestamptz,
    created_at timestamptz not null default now()
);
create index escalation_reminders_unmailed on escalation_reminders (mail_due_at) where mailed_at is null;
create index escalation_reminders_escalation on escalation_reminders (escalation_id);
create index escalation_reminders_conversation on escalation_reminders (conversation_id);

create function note_reminder() returns trigger language plpgsql as $$
begin
    insert into staff_events (kind, conversation_id, subject_id)
    values ('escalation', new.conversation_id, new.escalation_id);
    return null;
end
$$;
create trigger escalation_reminders_told after insert on escalation_reminders for each row
    execute function note_reminder();
