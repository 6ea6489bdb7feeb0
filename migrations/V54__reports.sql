-- What reports count and no other row keeps: that people had a conversation, and that a resolved ticket was reopened.

-- human_at: when people first had the conversation, by whichever statement.
alter table conversations add column human_at timestamptz;
update conversations c
set human_at = coalesce(
    (select min(e.created_at) from escalations e where e.conversation_id = c.id), c.last_message_at)
where c.status = 'escalated' or c.assignee is not null
   or exists (select from escalations e where e.conversation_id = c.id)
   or exists (select from messages m where m.conversation_id = c.id and m.role = 'staff' and m.kind = 'message');

create function note_human_hands() returns trigger language plpgsql as $$
begin
    new.human_at := now();
    return new;
end
$$;
create trigger conversations_in_human_hands before insert or update on conversations for each row
    when (new.human_at is null and (new.status = 'escalated' or new.assignee is not null))
    execute function note_human_hands();

-- reopenings: how often the ticket was resolved and open again. A reply that resolved it and was taken back, or did not
-- arrive, had resolved nothing; a message that a silent turn leaves without an answer has reopened nothing.
alter table tickets add column reopenings integer not null default 0 check (reopenings >= 0);

create function count_reopening() returns trigger language plpgsql as $$
begin
    if new.status = 'resolved' then
        new.reopenings := greatest(old.reopenings - 1, 0);
    elsif not exists (
            select from messages m join deliveries d on d.message_id = m.id
            where m.conversation_id = old.conversation_id and m.role = 'staff' and m.created_at = old.resolved_at
              and d.state in ('withdrawn', 'failed')) then
        new.reopenings := old.reopenings + 1;
    end if;
    return new;
end
$$;
create trigger tickets_reopened before update on tickets for each row
    when (old.status = 'resolved' and new.status in ('open', 'waiting_customer', 'escalated', 'in_progress')
          or new.status = 'resolved' and old.status <> 'resolved' and new.resolved_at = old.reopened_from)
    execute function count_reopening();

-- A report is of the conversations that began in a range of days.
create index conversations_created on conversations (created_at);
