-- Up to where the messages of a locked conversation are answered: before its first customer message that is not.
create or replace function first_unanswered(p_conversation uuid) returns bigint language sql stable as $$
    select coalesce(min(m.seq) - 1, (select c.last_inbound from conversations c where c.id = p_conversation))
    from messages m
    where m.conversation_id = p_conversation and m.direction = 'inbound' and m.answered_by is null
$$;
