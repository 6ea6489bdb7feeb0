-- Closes locked conversations in which nothing waits, with their tickets; staff are not to look at them again. Deliveries that are under way continue.
create or replace function close_conversations(p_conversation uuid[]) returns void language plpgsql as $$
#variable_conflict use_column
begin
    update conversations c set snoozed_until = null where c.id = any (p_conversation) and c.snoozed_until is not null;
    perform fence(p_conversation, 'closed');
    perform from tickets t where t.conversation_id = any (p_conversation) and t.status <> 'closed'
    order by t.id for no key update;
    update tickets t set status = 'closed', resolved_at = coalesce(t.resolved_at, now()), updated_at = now()
    where t.conversation_id = any (p_conversation) and t.status <> 'closed';
end
$$;
