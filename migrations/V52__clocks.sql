-- SLA clocks: what is due when, counted in support hours, and reminders of escalations that nobody takes.

-- The targets of company-profile.md, which a server writes at its start. place is the order of the plans: the first one
-- holds where the plan of a customer is not known. A target counts support hours, or day and night.
create table sla_targets (
    plan text not null check (length(plan) between 1 and 100),
    severity text not null check (severity in ('low', 'normal', 'high', 'urgent')),
    place smallint not null,
    response_seconds double precision not null check (response_seconds > 0),
    response_day_and_night boolean not null,
    resolution_seconds double precision check (resolution_seconds > 0),
    resolution_day_and_night boolean not null,
    primary key (plan, severity)
);

-- The support hours of each plan as a calendar, which reaches from some months ago to a year ahead. open_before: for how
-- many seconds support had been open before this opening, so that counting hours is one look-up. A plan without a row is
-- supported at all times. The domain knows time zones and holidays; the database only adds up.
create table support_openings (
    plan text not null check (length(plan) between 1 and 100),
    opens_at timestamptz not null,
    closes_at timestamptz not null check (closes_at > opens_at),
    open_before double precision not null,
    primary key (plan, opens_at)
);
create index support_openings_before on support_openings (plan, open_before);

-- One row. fingerprint is that of what was written last, with its day; remind_seconds is null where nobody is reminded.
create table sla_settings (
    id boolean primary key default true check (id),
    fingerprint bytea not null,
    remind_seconds double precision check (remind_seconds > 0),
    warn_seconds double precision not null check (warn_seconds >= 0)
);

-- The clocks of a conversation that people have, or had. state: running while staff have to act, waiting for the
-- customer, or stopped. responded: a person has answered since the hand-over, so that the next answer counts and not the
-- first. response_since: since when an answer is owed. The time to the resolution is what it has taken before its last
-- pause, and what has passed since resolution_since. The columns before_* are the clocks before the newest reply: they
-- come back when that is taken back.
--
-- unclaimed_since: since when an escalation has had no assignee. alarm_at: when the next warning or breach is marked.
create table conversation_clocks (
    conversation_id uuid primary key references conversations,
    state text not null default 'stopped' check (state in ('running', 'waiting', 'stopped')),
    responded boolean not null default false,
    response_since timestamptz,
    resolution_since timestamptz,
    worked_open double precision not null default 0,
    worked_clock double precision not null default 0,
    before_responded boolean,
    before_response_since timestamptz,
    before_resolution_since timestamptz,
    before_worked_open double precision,
    before_worked_clock double precision,
    first_response_due timestamptz,
    next_response_due timestamptz,
    resolution_due timestamptz,
    due_at timestamptz,
    alarm_at timestamptz,
    warned_at timestamptz,
    breached_at timestamptz,
    unclaimed_since timestamptz,
    reminders smallint not null default 0,
    remind_at timestamptz
) with (fillfactor = 80);
create index conversation_clocks_due on conversation_clocks (due_at, conversation_id) where due_at is not null;
create index conversation_clocks_alarm on conversation_clocks (alarm_at) where alarm_at is not null;
create index conversation_clocks_remind on conversation_clocks (remind_at) where remind_at is not null;

-- Triggers set the clocks in the transaction that moves the ticket, so that no statement can forget to.
create function note_clocks_of_conversation() returns trigger language plpgsql as $$
begin
    perform set_clocks(new.id, false);
    return null;
end
$$;
create function note_clocks_of_ticket() returns trigger language plpgsql as $$
begin
    perform set_clocks(new.conversation_id, true);
    return null;
end
$$;
create function note_clocks_of_priority() returns trigger language plpgsql as $$
begin
    perform time_clocks(new.conversation_id);
    return null;
end
$$;
create function note_clocks_of_customer() returns trigger language plpgsql as $$
begin
    perform from conversations c where c.customer_id = new.id and c.status = 'escalated'
    order by c.id for no key update;
    perform time_clocks(c.id) from conversations c where c.customer_id = new.id and c.status = 'escalated';
    return null;
end
$$;

create trigger conversations_clocked after update on conversations for each row
    when ((old.status = 'escalated' or new.status = 'escalated')
          and (old.status is distinct from new.status or old.assignee is distinct from new.assignee
               or old.severity is distinct from new.severity or old.customer_id is distinct from new.customer_id))
    execute function note_clocks_of_conversation();
create trigger tickets_clocked after update of status on tickets for each row
    execute function note_clocks_of_ticket();
create trigger tickets_clocked_new after insert on tickets for each row
    when (new.status in ('escalated', 'in_progress', 'waiting_customer'))
    execute function note_clocks_of_ticket();
create trigger tickets_priority_clocked after update of priority on tickets for each row
    when (old.priority is distinct from new.priority) execute function note_clocks_of_priority();
create trigger customers_clocked after update of metadata on customers for each row
    when (old.metadata ->> 'plan' is distinct from new.metadata ->> 'plan')
    execute function note_clocks_of_customer();
