-- Members of staff who watch a conversation, by their own choice or because a note has mentioned them, and what they are
-- told of it.

create table conversation_watchers (
    conversation_id uuid not null references conversations,
    staff_id uuid not null references staff,
    primary key (conversation_id, staff_id)
);
create index conversation_watchers_staff on conversation_watchers (staff_id);

-- Whoever is disabled watches nothing. add_watchers locks the account, so that none is added meanwhile.
create function end_watching() returns trigger language plpgsql as $$
begin
    delete from conversation_watchers w where w.staff_id = new.id;
    return null;
end
$$;
create trigger staff_disabled after update of active on staff for each row
    when (old.active and not new.active) execute function end_watching();

-- Those who watch the target of a merge because they watched its source.
alter table conversation_merges add column watchers uuid[] not null default '{}';

-- cause is what a watcher is told of; other events have none.
alter table staff_events
    drop constraint staff_events_kind_check,
    add constraint staff_events_kind_check
        check (kind in ('conversation', 'message', 'delivery', 'turn', 'escalation', 'mention', 'watched', 'parked',
                        'presence')),
    add column cause text
        check (cause in ('message', 'reply', 'escalation', 'resolved', 'due_soon', 'overdue'));

create or replace function note_added_messages() returns trigger language plpgsql as $$
begin
    insert into staff_events (kind, conversation_id, subject_id)
    select 'message', n.conversation_id, n.id from added n where n.seq is not null;
    insert into staff_events (kind, conversation_id, subject_id, staff_id, cause)
    select 'watched', n.conversation_id, n.id, w.staff_id, 'message'
    from added n join conversation_watchers w on w.conversation_id = n.conversation_id
    where n.seq is not null and n.direction = 'inbound';
    return null;
end
$$;

-- A message that was stored before its place was known. One of staff is a mail from another mail program; its author is not
-- known.
create function note_numbered_message() returns trigger language plpgsql as $$
begin
    insert into staff_events (kind, conversation_id, subject_id) values ('message', new.conversation_id, new.id);
    if new.direction = 'inbound' then
        perform tell_watchers(new.conversation_id, 'message', new.id);
    elsif new.role = 'staff' and new.kind = 'message' then
        perform tell_watchers(new.conversation_id, 'reply', new.id);
    end if;
    return null;
end
$$;
drop trigger messages_numbered on messages;
create trigger messages_numbered after update on messages for each row
    when (old.seq is null and new.seq is not null) execute function note_numbered_message();

create function note_staff_reply() returns trigger language plpgsql as $$
begin
    perform tell_watchers(m.conversation_id, 'reply', m.id, new.staff_id)
    from messages m where m.id = new.message_id and m.kind = 'message';
    return null;
end
$$;
create trigger staff_messages_told after insert on staff_messages for each row execute function note_staff_reply();

create function note_added_escalation() returns trigger language plpgsql as $$
begin
    insert into staff_events (kind, conversation_id, subject_id) values ('escalation', new.conversation_id, new.id);
    perform tell_watchers(new.conversation_id, 'escalation', new.id);
    return null;
end
$$;
drop trigger escalations_told on escalations;
create trigger escalations_told after insert on escalations for each row execute function note_added_escalation();
