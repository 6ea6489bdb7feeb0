-- What an update of the message path costs: room for the next version of a row on its page, so that the update needs no
-- entry in any index (heap-only tuples), and no index that such an update would have to repeat needlessly.

-- A row of these is updated once or twice soon after it was written, in the order it was written: a whole page at once.
alter table conversations set (fillfactor = 50);
alter table turns set (fillfactor = 50);
alter table outbox set (fillfactor = 50);
alter table messages set (fillfactor = 60);

-- Nearly always null, and looked up by a value.
drop index conversations_assignee;
create index conversations_assignee on conversations (assignee) where assignee is not null;
drop index conversations_merged_into;
create index conversations_merged_into on conversations (merged_into) where merged_into is not null;
drop index deliveries_resent;
create index deliveries_resent on deliveries (resent_as) where resent_as is not null;

-- The subjects of tickets, for the console's search. In a table of their own, because every change of a ticket's status
-- would write the trigrams of its subject into the index again. Triggers keep it equal to tickets.subject.
create table ticket_subjects (
    ticket_id uuid primary key references tickets on delete cascade,
    subject text not null check (length(subject) <= 998)
);
insert into ticket_subjects (ticket_id, subject) select id, subject from tickets;
drop index tickets_subject;
create index ticket_subjects_trigrams on ticket_subjects using gin (subject gin_trgm_ops);

create function copy_new_subjects() returns trigger language plpgsql as $$
begin
    insert into ticket_subjects (ticket_id, subject) select n.id, n.subject from added n;
    return null;
end
$$;
create trigger tickets_subject_copied after insert on tickets
    referencing new table as added
    for each statement execute function copy_new_subjects();

create function copy_changed_subject() returns trigger language plpgsql as $$
begin
    update ticket_subjects s set subject = new.subject where s.ticket_id = new.id;
    return null;
end
$$;
create trigger tickets_subject_changed after update of subject on tickets for each row
    when (old.subject <> new.subject) execute function copy_changed_subject();
