-- Records what a bulk action did to a conversation, in the transaction that did it, so that a crash leaves nothing that
-- can't be undone.
create or replace function end_bulk_step(
    p_bulk uuid, p_conversation uuid, p_before jsonb, p_answered_by uuid
) returns void language sql as $$
    insert into bulk_steps (bulk_id, conversation_id, before, answered_by, turns, after_at)
    values (p_bulk, p_conversation, p_before, p_answered_by, withdrawn_turns(p_conversation),
            last_change(p_conversation))
$$;
