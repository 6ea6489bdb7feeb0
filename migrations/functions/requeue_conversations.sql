-- Puts conversations back into the outbox, where any process can take them up. swept_at keeps the sweeper from doing
-- the same again at once. Returns the number of rows.
create or replace function requeue_conversations(p_conversation uuid[]) returns bigint language plpgsql as $$
#variable_conflict use_column
begin
    update conversations c set swept_at = now() where c.id = any (p_conversation);
    return append_to_outbox(p_conversation);
end
$$;
