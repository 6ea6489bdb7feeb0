-- Writes what an account did to a conversation into the audit log, in the transaction that did it.
create or replace function record_audit(
    p_actor uuid, p_action text, p_subject_kind text, p_subject uuid, p_conversation uuid, p_details jsonb default '{}'
) returns void language sql as $$
    insert into audit_log (actor, action, subject_kind, subject_id, conversation_id, details)
    values (p_actor, p_action, p_subject_kind, p_subject::text, p_conversation, p_details)
$$;
