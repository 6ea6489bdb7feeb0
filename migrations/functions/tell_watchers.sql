-- Tells everyone who watches a conversation of something in it, except for p_actor, who did it.
create or replace function tell_watchers(
    p_conversation uuid, p_cause text, p_subject uuid, p_actor uuid default null
) returns void language sql as $$
    insert into staff_events (kind, conversation_id, subject_id, staff_id, cause)
    select 'watched', p_conversation, p_subject, w.staff_id, p_cause
    from conversation_watchers w
    where w.conversation_id = p_conversation and w.staff_id is distinct from p_actor
$$;
