-- Gives a conversation to people because its customer has asked for one on the ticket's page, or a program on the
-- customer's or staff's behalf.
--
-- A conversation that waits for people, or that one of them works on, keeps its status. The customer gets one
-- acknowledgement for each escalation: asked again, the function returns the one that was written, with its escalation.
-- One in which people have answered, and that waits for its customer, is escalated anew, or nobody would look at it. Until
-- such an answer has left, the customer sees the status before it (status_before_pending): that one counts, and is returned.
create or replace function ask_for_person(
    p_ticket uuid, p_message uuid, p_delivery uuid, p_escalation uuid, p_text text, p_reason text, p_severity text,
    p_summary text
) returns table (
    verdict text, status text, message_id uuid, escalation_id uuid, reason text, severity text, escalated_at timestamptz
)
language plpgsql as $$
#variable_conflict use_column
declare
    v_conversation conversations;
    v_status text;
    v_escalation escalations;
    v_message uuid;
begin
    select c.* into v_conversation from conversations c
    where c.id = (select t.conversation_id from tickets t where t.id = p_ticket)
    for no key update;
    if not found then
        return query select 'no_ticket', null::text, null::uuid, null::uuid, null::text, null::text, null::timestamptz;
        return;
    end if;
    select t.status into v_status from tickets t where t.id = p_ticket for no key update;
    if v_status = 'closed' or v_conversation.status = 'closed' then
        return query select 'closed', v_status, null::uuid, null::uuid, null::text, null::text, null::timestamptz;
        return;
    end if;

    if v_conversation.status = 'escalated' and v_status = 'waiting_customer' then
        v_status := coalesce(
            (select s from status_before_pending(v_conversation.id) s where s in ('escalated', 'in_progress')), v_status);
    end if;
    if v_conversation.status = 'escalated' and v_status <> 'waiting_customer' then
        select e.* into v_escalation from escalations e
        where e.conversation_id = v_conversation.id order by e.created_at desc, e.id desc limit 1;
        v_message := coalesce(
            v_escalation.acknowledgement_id,
            (select m.id from messages m
             where m.conversation_id = v_conversation.id and m.turn_id = v_escalation.turn_id
               and m.kind = 'acknowledgement'
             order by m.seq desc limit 1));
    else
        if v_conversation.status <> 'escalated' then
            perform fence(array[v_conversation.id], 'escalated');
        end if;
        update conversations c set snoozed_until = null where c.id = v_conversation.id;
        update tickets t set status = 'escalated', resolved_at = null, reopened_from = null, updated_at = now()
        where t.id = p_ticket;
        v_status := 'escalated';
    end if;

    if v_message is null then
        v_message := p_message;
        perform acknowledge_person(v_conversation.id, p_message, p_delivery, p_text);
        if v_escalation.id is null then
            insert into escalations (id, conversation_id, reason, severity, summary, acknowledgement_id)
            values (p_escalation, v_conversation.id, p_reason, p_severity, p_summary, p_message)
            returning * into v_escalation;
            if wants_events() then
                perform emit_escalations(array[p_escalation]);
            end if;
        else
            update escalations e set acknowledgement_id = p_message where e.id = v_escalation.id;
        end if;
    end if;
    return query select 'asked', v_status, v_message, v_escalation.id, v_escalation.reason, v_escalation.severity,
                        v_escalation.created_at;
end
$$;
