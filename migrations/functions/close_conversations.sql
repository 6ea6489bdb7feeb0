-- Closes locked conversations in which nothing waits, with their tickets. Deliveries that are under way continue.
create or replace function close_conversations(p_conversation uuid[]) returns void language plpgsql as $$
#variable_conflict use_column
begin
    perform fence(p_conversation, 'closed');
    perform from tickets t where t.conversation_id = any (p_conversation) and t.status <> 'closed'
    order by t.id for no key update;
    update tickets t set status = 'closed', resolved_at = coalesce(t.resolved_at, now()), updated_at = now()
    where t.conversation_id = any (p_conversation) and t.status <> 'closed';
end
$$;
