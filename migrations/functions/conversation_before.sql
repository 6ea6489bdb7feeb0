-- The state of a locked conversation that an action of staff may change, for restore_conversation.
create or replace function conversation_before(p_conversation uuid) returns jsonb language sql stable as $$
    select jsonb_build_object(
        'status', c.status, 'assignee', c.assignee, 'tags', to_jsonb(c.tags), 'severity', c.severity,
        'snoozed_until', c.snoozed_until, 'instruction', c.instruction, 'ticket', t.id, 'ticket_status', t.status,
        'priority', t.priority, 'resolved_at', t.resolved_at, 'reopened_from', t.reopened_from)
    from conversations c, current_ticket(c.id) t where c.id = p_conversation
$$;
