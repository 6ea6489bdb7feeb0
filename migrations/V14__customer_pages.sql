-- What customers' pages need: live events, ratings, when a resolved ticket was reopened, and which knowledge is internal.

-- Changes that open pages must hear of, kept a little longer than a page may be away (crm/postgres/live_events.rs).
-- A reader's position is a snapshot: it has seen what that snapshot sees. A number would not do, because
-- transactions commit in another order than they take numbers. message_id is null where the ticket itself changed.
-- Without a foreign key: rows are few hours old, and nothing is looked up through them.
create table live_events (
    xid xid8 not null default pg_current_xact_id(),
    conversation_id uuid not null,
    message_id uuid,
    created_at timestamptz not null default now()
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);
create index live_events_conversation on live_events (conversation_id, xid);
create index live_events_created on live_events (created_at);

-- Whatever changes a ticket's status or a delivery's state is heard of, by whichever statement. New tickets are left
-- out, because nobody can be looking at one yet; continue_conversations writes those of customers' messages.
create function note_ticket_changes() returns trigger language plpgsql as $$
begin
    insert into live_events (conversation_id)
    select distinct n.conversation_id
    from changed n join former o on o.id = n.id
    where n.status <> o.status or n.conversation_id <> o.conversation_id;
    return null;
end
$$;
create trigger tickets_changed after update on tickets
    referencing old table as former new table as changed
    for each statement execute function note_ticket_changes();

create function note_delivery_changes() returns trigger language plpgsql as $$
begin
    insert into live_events (conversation_id, message_id)
    select distinct n.conversation_id, n.message_id
    from changed n join former o on o.id = n.id
    where n.state <> o.state;
    return null;
end
$$;
create trigger deliveries_changed after update on deliveries
    referencing old table as former new table as changed
    for each statement execute function note_delivery_changes();

create function note_delivered_at_once() returns trigger language plpgsql as $$
begin
    insert into live_events (conversation_id, message_id)
    select n.conversation_id, n.message_id from added n where n.state <> 'pending';
    return null;
end
$$;
create trigger deliveries_added after insert on deliveries
    referencing new table as added
    for each statement execute function note_delivered_at_once();

-- The newest rating of a ticket.
create table ticket_ratings (
    ticket_id uuid primary key references tickets,
    score smallint not null check (score between 1 and 5),
    comment text check (length(comment) <= 1000),
    rated_at timestamptz not null default now()
);

-- reopened_from: when the ticket had been resolved before a customer's message reopened it. A turn that finds nothing to
-- answer in that message restores it.
alter table tickets add column reopened_from timestamptz;
-- Those that time resolves or closes (end_idle_tickets).
create index tickets_waiting_customer on tickets (updated_at) where status = 'waiting_customer';
create index tickets_resolved on tickets (resolved_at) where status = 'resolved';

-- The acknowledgement that told the customer of an escalation, where no turn wrote it.
alter table escalations add column acknowledgement_id uuid references messages;
create index escalations_acknowledgement on escalations (acknowledgement_id);

-- internal: for staff alone. html is the section's text as pages show it, cleaned when it was read.
alter table knowledge_base add column internal boolean not null default false;
alter table knowledge_base add column html text not null default '';
create index knowledge_base_internal on knowledge_base (id) where internal;
create index knowledge_base_file on knowledge_base (file, position);
