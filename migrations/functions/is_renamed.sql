-- Whether a mail's subject (without prefixes, folded) is another one than that of the newest mail in a conversation.
-- An empty subject says nothing.
create or replace function is_renamed(p_conversation uuid, p_subject_base text) returns boolean
language sql stable as $$
    select coalesce(p_subject_base, '') <> '' and coalesce((
        select e.subject_base <> '' and e.subject_base <> p_subject_base
        from messages m join message_emails e on e.message_id = m.id and not e.is_copy
        where m.conversation_id = p_conversation and m.direction = 'inbound'
        order by m.seq desc limit 1), false)
$$;
