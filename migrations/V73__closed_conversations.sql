-- What the queues show and count of closed conversations. Nearly all conversations of an old database are closed, and a
-- page of a queue with its counts must not read them all. The rest, the conversations in which something may happen, is
-- few, and is read as it is.

-- One row for each closed conversation that is not snoozed, written by triggers in the transaction that closes it
-- (keep_closed_conversation). It leaves when the conversation is opened again.
create table closed_conversations (
    conversation_id uuid primary key references conversations,
    customer_id uuid not null,
    channel text not null,
    ticket_status text not null,
    priority text not null,
    severity text,
    reason text,
    assignee uuid,
    tags text[] not null,
    created_at timestamptz not null,
    last_message_at timestamptz not null
);

-- How many rows of closed_conversations have these values: the sum of n. A change appends a row, so that transactions do
-- not wait for each other; fold_closed_counts adds up what has collected. What has a tag, or belongs to a customer, is
-- counted by an index.
create table closed_counts (
    channel text not null,
    ticket_status text not null,
    priority text not null,
    severity text,
    reason text,
    assignee uuid,
    n bigint not null
);

-- Nothing may be closed, or opened again, between the reading and the triggers.
lock table conversations, tickets in share row exclusive mode;
insert into closed_conversations (conversation_id, customer_id, channel, ticket_status, priority, severity, reason,
                                  assignee, tags, created_at, last_message_at)
select distinct on (c.last_message_at, c.id) c.id, c.customer_id, c.channel, t.status, t.priority, c.severity, c.reason,
       c.assignee, c.tags, c.created_at, c.last_message_at
from conversations c join tickets t on t.conversation_id = c.id
where c.status = 'closed' and c.snoozed_until is null
order by c.last_message_at, c.id, t.status <> 'closed' desc, t.created_at desc;
insert into closed_counts (channel, ticket_status, priority, severity, reason, assignee, n)
select channel, ticket_status, priority, severity, reason, assignee, count(*)
from closed_conversations group by channel, ticket_status, priority, severity, reason, assignee;

create index closed_conversations_message on closed_conversations (last_message_at, conversation_id);
create index closed_conversations_newest on closed_conversations (last_message_at desc, conversation_id);
create index closed_conversations_created on closed_conversations (created_at, conversation_id);
create index closed_conversations_customer on closed_conversations (customer_id);
create index closed_conversations_tags on closed_conversations using gin (tags);
-- The other conversations. By id: a batch function that looks up ids may use it as well as the primary key.
create index conversations_unclosed on conversations (id) where status <> 'closed' or snoozed_until is not null;

create function count_closed_conversation() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' then
        insert into closed_counts (channel, ticket_status, priority, severity, reason, assignee, n)
        values (old.channel, old.ticket_status, old.priority, old.severity, old.reason, old.assignee, -1);
    end if;
    if tg_op <> 'DELETE' then
        insert into closed_counts (channel, ticket_status, priority, severity, reason, assignee, n)
        values (new.channel, new.ticket_status, new.priority, new.severity, new.reason, new.assignee, 1);
    end if;
    return null;
end
$$;
create trigger closed_conversations_counted after insert or delete on closed_conversations
    for each row execute function count_closed_conversation();
create trigger closed_conversations_recounted after update on closed_conversations for each row
    when ((old.channel, old.ticket_status, old.priority, old.severity, old.reason, old.assignee)
          is distinct from (new.channel, new.ticket_status, new.priority, new.severity, new.reason, new.assignee))
    execute function count_closed_conversation();

create function note_closed_conversation() returns trigger language plpgsql as $$
begin
    perform keep_closed_conversation(new.id);
    return null;
end
$$;
create function note_closed_ticket() returns trigger language plpgsql as $$
begin
    perform keep_closed_conversation(new.conversation_id);
    if tg_op = 'UPDATE' and old.conversation_id <> new.conversation_id then
        perform keep_closed_conversation(old.conversation_id);
    end if;
    return null;
end
$$;
create trigger conversations_closed_new after insert on conversations for each row
    when (new.status = 'closed') execute function note_closed_conversation();
create trigger conversations_closed after update on conversations for each row
    when ((old.status = 'closed' or new.status = 'closed')
          and (old.status, old.customer_id, old.channel, old.severity, old.reason, old.assignee, old.tags,
               old.snoozed_until, old.last_message_at)
              is distinct from
              (new.status, new.customer_id, new.channel, new.severity, new.reason, new.assignee, new.tags,
               new.snoozed_until, new.last_message_at))
    execute function note_closed_conversation();
create trigger tickets_closed_new after insert on tickets for each row
    when (new.status = 'closed') execute function note_closed_ticket();
create trigger tickets_closed after update on tickets for each row
    when ((old.status = 'closed' or new.status = 'closed')
          and (old.status, old.priority, old.conversation_id) is distinct from
              (new.status, new.priority, new.conversation_id))
    execute function note_closed_ticket();
