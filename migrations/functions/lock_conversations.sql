-- Locks two conversations for an action of staff in the order of PROTOCOL.md 1.2, as lock_conversation does with one.
create or replace function lock_conversations(p_one uuid, p_other uuid) returns void language plpgsql as $$
#variable_conflict use_column
begin
    perform from conversations c where c.id in (p_one, p_other) order by c.id for no key update;
    perform from tickets t where t.conversation_id in (p_one, p_other) and t.status <> 'closed'
    order by t.id for no key update;
    perform from deliveries d where d.conversation_id in (p_one, p_other) and d.state in ('pending', 'sending')
    order by d.id for no key update;
end
$$;
