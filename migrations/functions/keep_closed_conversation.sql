-- Keeps what the queues show of a closed conversation equal to what it is; removes it while the conversation is not
-- closed, or is snoozed.
create or replace function keep_closed_conversation(p_conversation uuid) returns void language plpgsql as $$
#variable_conflict use_column
begin
    insert into closed_conversations as k (
        conversation_id, customer_id, channel, ticket_status, priority, severity, reason, assignee, tags, created_at,
        last_message_at)
    select c.id, c.customer_id, c.channel, t.status, t.priority, c.severity, c.reason, c.assignee, c.tags,
           c.created_at, c.last_message_at
    from conversations c cross join lateral current_ticket(c.id) t
    where c.id = p_conversation and c.status = 'closed' and c.snoozed_until is null
    on conflict (conversation_id) do update
    set customer_id = excluded.customer_id, channel = excluded.channel, ticket_status = excluded.ticket_status,
        priority = excluded.priority, severity = excluded.severity, reason = excluded.reason,
        assignee = excluded.assignee, tags = excluded.tags, last_message_at = excluded.last_message_at;
    if not found then
        delete from closed_conversations k where k.conversation_id = p_conversation;
    end if;
end
$$;
