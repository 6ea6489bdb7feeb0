-- Events of consoles and pages are written once for each statement instead of once for each row: a batch of turns changes
-- up to 64 rows of each of these tables, and the call for a row costs more than the row.

create function note_added_messages() returns trigger language plpgsql as $$
begin
    insert into staff_events (kind, conversation_id, subject_id)
    select 'message', n.conversation_id, n.id from added n where n.seq is not null;
    return null;
end
$$;
drop trigger messages_told on messages;
create trigger messages_told after insert on messages
    referencing new table as added
    for each statement execute function note_added_messages();

create function note_begun_turns() returns trigger language plpgsql as $$
begin
    insert into staff_events (kind, conversation_id, subject_id) select 'turn', n.conversation_id, n.id from added n;
    return null;
end
$$;
drop trigger turns_begun on turns;
create trigger turns_begun after insert on turns
    referencing new table as added
    for each statement execute function note_begun_turns();

create function note_ended_turns() returns trigger language plpgsql as $$
begin
    insert into staff_events (kind, conversation_id, subject_id)
    select 'turn', n.conversation_id, n.id from changed n join former o on o.id = n.id where n.state <> o.state;
    return null;
end
$$;
drop trigger turns_ended on turns;
create trigger turns_ended after update on turns
    referencing old table as former new table as changed
    for each statement execute function note_ended_turns();

-- What pages are told of a ticket, and what consoles are.
create or replace function note_ticket_changes() returns trigger language plpgsql as $$
begin
    with moved as materialized (
        select n.conversation_id, n.status <> o.status as by_status, n.priority <> o.priority as by_priority,
               n.conversation_id <> o.conversation_id as by_home
        from changed n join former o on o.id = n.id
    ), pages as (
        insert into live_events (conversation_id)
        select distinct m.conversation_id from moved m where m.by_status or m.by_home
    )
    insert into staff_events (kind, conversation_id, subject_id)
    select 'conversation', m.conversation_id, m.conversation_id from moved m where m.by_status or m.by_priority;
    return null;
end
$$;
drop trigger tickets_told on tickets;
drop function note_changed_ticket();

-- The same of a delivery.
create or replace function note_delivery_changes() returns trigger language plpgsql as $$
begin
    with moved as materialized (
        select n.id, n.conversation_id, n.message_id
        from changed n join former o on o.id = n.id
        where n.state <> o.state
    ), pages as (
        insert into live_events (conversation_id, message_id)
        select distinct m.conversation_id, m.message_id from moved m
    )
    insert into staff_events (kind, conversation_id, subject_id)
    select 'delivery', m.conversation_id, m.id from moved m;
    return null;
end
$$;
drop trigger deliveries_told on deliveries;

-- Where people do not have the conversation, there are no clocks to move: that is every answer of the bot.
create or replace function note_clocks_of_ticket() returns trigger language plpgsql as $$
begin
    if exists (select from conversations c where c.id = new.conversation_id and c.status = 'escalated') then
        perform set_clocks(new.conversation_id, true);
    end if;
    return null;
end
$$;
