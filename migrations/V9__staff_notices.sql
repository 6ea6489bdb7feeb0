-- Each escalation is told to staff once. Who tells it claims the row until `notice_due_at`; a failure moves that on.
alter table escalations
    add column notice_due_at timestamptz not null default now(),
    add column notice_attempts integer not null default 0 check (notice_attempts >= 0),
    add column notified_at timestamptz;

create index escalations_untold on escalations (notice_due_at) where notified_at is null;
