-- What open consoles are told of (API-STAFF.md 5). Ids alone; a console reads the rest itself.

-- As live_events, with a position that is a snapshot. subject_id is what the event is about, of the kind that its name
-- says. staff_id is whom it is for, null for everybody. Without foreign keys: rows are few hours old, and nothing is
-- looked up through them.
create table staff_events (
    xid xid8 not null default pg_current_xact_id(),
    kind text not null
        check (kind in ('conversation', 'message', 'delivery', 'turn', 'escalation', 'mention', 'parked', 'presence')),
    conversation_id uuid not null,
    subject_id uuid not null,
    staff_id uuid,
    created_at timestamptz not null default now()
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);
create index staff_events_xid on staff_events (xid);
create index staff_events_created on staff_events (created_at);

-- One function for each kind; the triggers say when, so that no statement can forget to.
create function note_staff_event() returns trigger language plpgsql as $$
begin
    insert into staff_events (kind, conversation_id, subject_id) values (tg_argv[0], new.conversation_id, new.id);
    return null;
end
$$;
create function note_changed_conversation() returns trigger language plpgsql as $$
begin
    insert into staff_events (kind, conversation_id, subject_id) values ('conversation', new.id, new.id);
    return null;
end
$$;
create function note_changed_ticket() returns trigger language plpgsql as $$
begin
    insert into staff_events (kind, conversation_id, subject_id)
    values ('conversation', new.conversation_id, new.conversation_id);
    return null;
end
$$;
create function note_mention() returns trigger language plpgsql as $$
begin
    insert into staff_events (kind, conversation_id, subject_id, staff_id)
    select 'mention', m.conversation_id, m.id, new.staff_id from messages m where m.id = new.message_id;
    return null;
end
$$;
create function note_presence() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        new := old;
    end if;
    insert into staff_events (kind, conversation_id, subject_id)
    values ('presence', new.conversation_id, new.conversation_id);
    return null;
end
$$;

create trigger conversations_told after update on conversations for each row
    when (old.status is distinct from new.status or old.assignee is distinct from new.assignee
          or old.tags is distinct from new.tags or old.severity is distinct from new.severity
          or old.snoozed_until is distinct from new.snoozed_until or old.customer_id is distinct from new.customer_id)
    execute function note_changed_conversation();
create trigger tickets_told after update on tickets for each row
    when (old.status is distinct from new.status or old.priority is distinct from new.priority)
    execute function note_changed_ticket();
create trigger messages_told after insert on messages for each row
    when (new.seq is not null) execute function note_staff_event('message');
create trigger messages_numbered after update on messages for each row
    when (old.seq is null and new.seq is not null) execute function note_staff_event('message');
create trigger deliveries_told after update on deliveries for each row
    when (old.state is distinct from new.state) execute function note_staff_event('delivery');
create trigger turns_begun after insert on turns for each row execute function note_staff_event('turn');
create trigger turns_ended after update on turns for each row
    when (old.state is distinct from new.state) execute function note_staff_event('turn');
create trigger escalations_told after insert on escalations for each row
    execute function note_staff_event('escalation');
create trigger dead_letters_told after insert or update on dead_letters for each row
    execute function note_staff_event('parked');
create trigger mentions_told after insert on staff_mentions for each row execute function note_mention();

-- Who looks at a conversation, or writes in it. A row holds until ends_at, and is removed then.
create table staff_presences (
    conversation_id uuid not null references conversations,
    staff_id uuid not null references staff,
    state text not null check (state in ('viewing', 'typing')),
    ends_at timestamptz not null,
    primary key (conversation_id, staff_id)
);
create index staff_presences_staff on staff_presences (staff_id);
create index staff_presences_ends on staff_presences (ends_at);
create trigger presences_added after insert on staff_presences for each row execute function note_presence();
create trigger presences_changed after update on staff_presences for each row
    when (old.state is distinct from new.state) execute function note_presence();
create trigger presences_ended after delete on staff_presences for each row execute function note_presence();
