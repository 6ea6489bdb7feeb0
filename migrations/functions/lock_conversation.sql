-- Locks a conversation for an action of staff, with its open ticket and with the replies that have not left, in the order
-- of PROTOCOL.md 1.2. A reply that another transaction takes for sending is waited for: afterwards it is known which
-- came first. Returns the conversation; null if there is none.
create or replace function lock_conversation(p_conversation uuid) returns conversations language plpgsql as $$
#variable_conflict use_column
declare
    v_conversation conversations;
begin
    select c.* into v_conversation from conversations c where c.id = p_conversation for no key update;
    if not found then
        return null;
    end if;
    perform from tickets t where t.conversation_id = p_conversation and t.status <> 'closed'
    order by t.id for no key update;
    perform from deliveries d where d.conversation_id = p_conversation and d.state in ('pending', 'sending')
    order by d.id for no key update;
    return v_conversation;
end
$$;
