-- A conversation that time closed stayed snoozed, and so among those that queues read one by one. Closing one ends its snooze
-- now (close_conversations). The functions that a trigger would call for the rows of an older program may not be there yet:
-- what the queues show of them is written here.
alter table conversations disable trigger conversations_closed;
update conversations set snoozed_until = null where status = 'closed' and snoozed_until is not null;
alter table conversations enable trigger conversations_closed;
insert into closed_conversations (conversation_id, customer_id, channel, ticket_status, priority, severity, reason,
                                  assignee, tags, created_at, last_message_at)
select distinct on (c.id) c.id, c.customer_id, c.channel, t.status, t.priority, c.severity, c.reason, c.assignee, c.tags,
       c.created_at, c.last_message_at
from conversations c join tickets t on t.conversation_id = c.id
where c.status = 'closed'
  and not exists (select from closed_conversations k where k.conversation_id = c.id)
order by c.id, t.status <> 'closed' desc, t.created_at desc;
