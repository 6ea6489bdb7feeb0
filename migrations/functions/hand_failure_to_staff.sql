-- Escalates a conversation whose reply was not delivered (PROTOCOL.md 4.5). That the customer wants
-- no messages is recorded as an opt-out of the address instead, and nobody has to act.
--
-- The caller has locked the conversation.
create or replace function hand_failure_to_staff(
    p_conversation uuid, p_channel text, p_cause text, p_error text
) returns void language plpgsql as $$
#variable_conflict use_column
declare
    v_escalation uuid := gen_random_uuid();
begin
    if p_cause = 'opted_out' then
        update customer_identifiers i set opted_out_at = coalesce(i.opted_out_at, now())
        from address_of(p_conversation, p_channel) a
        where i.kind = a.kind and i.value = a.value;
        return;
    end if;
    insert into escalations (id, conversation_id, reason, severity, summary)
    values (v_escalation, p_conversation, 'failure', 'high',
            'A message of ours did not reach the customer by ' || p_channel || '. '
            || coalesce(p_error, 'The provider gave no reason.'));
    if (select c.status from conversations c where c.id = p_conversation) = 'active' then
        perform fence(array[p_conversation], 'escalated');
    end if;
    -- A reply that resolved its ticket did not arrive either.
    update tickets t set status = 'escalated', resolved_at = null, reopened_from = null, updated_at = now()
    where t.conversation_id = p_conversation and t.status in ('open', 'waiting_customer', 'resolved');
    if wants_events() then
        perform emit_escalations(array[v_escalation]);
    end if;
end
$$;
