-- What an action of staff answers: where the conversation is now.
create or replace function desk_state(p_conversation uuid) returns jsonb language sql stable as $$
    select jsonb_build_object('conversation_id', c.id, 'status', c.status,
                              'ticket_status', (select t.status from current_ticket(c.id) t),
                              'assignee', person(c.assignee))
    from conversations c where c.id = p_conversation
$$;
