-- Takes back what an action of staff did to a locked conversation: it is again what conversation_before says. What
-- p_answered_by had answered waits again, and so does what the withdrawn replies of p_turns had answered.
create or replace function restore_conversation(
    p_conversation uuid, p_before jsonb, p_answered_by uuid, p_turns uuid[]
) returns void language plpgsql as $$
#variable_conflict use_column
declare
    v_now jsonb := conversation_before(p_conversation);
    v_unsettled bigint;
begin
    if p_before = v_now then
        return;
    end if;
    update deliveries d set state = 'withdrawn', updated_at = now()
    where d.message_id = p_answered_by and d.conversation_id = p_conversation and d.state = 'pending';
    update messages m set answered_by = null
    where m.conversation_id = p_conversation and m.direction = 'inbound'
      and m.answered_by = any (p_turns || p_answered_by);
    get diagnostics v_unsettled = row_count;
    if v_unsettled > 0 or (p_before ->> 'status', p_before ->> 'assignee', p_before ->> 'ticket_status')
                          is distinct from (v_now ->> 'status', v_now ->> 'assignee', v_now ->> 'ticket_status') then
        perform fence(array[p_conversation], p_before ->> 'status');
    end if;
    update conversations c
    set assignee = (p_before ->> 'assignee')::uuid, severity = p_before ->> 'severity',
        tags = array(select jsonb_array_elements_text(p_before -> 'tags')),
        snoozed_until = (p_before ->> 'snoozed_until')::timestamptz, instruction = p_before ->> 'instruction',
        answered_through = first_unanswered(c.id)
    where c.id = p_conversation;
    -- A reply of the bot that was withdrawn is written anew.
    update tickets t
    set status = case
            when p_before ->> 'ticket_status' = 'waiting_customer' and p_before ->> 'status' = 'active'
                 and (select c.answered_through < c.last_inbound from conversations c where c.id = p_conversation)
                then 'open'
            else p_before ->> 'ticket_status' end,
        priority = p_before ->> 'priority', resolved_at = (p_before ->> 'resolved_at')::timestamptz,
        reopened_from = (p_before ->> 'reopened_from')::timestamptz, updated_at = now()
    where t.id = (p_before ->> 'ticket')::uuid;
    -- The action paused or stopped the clocks.
    if p_before ->> 'status' = 'escalated' and p_before ->> 'ticket_status' in ('escalated', 'in_progress')
       and (v_now ->> 'status' <> 'escalated' or v_now ->> 'ticket_status' = 'waiting_customer') then
        perform restore_clocks(p_conversation);
    end if;
    perform append_to_outbox(array[p_conversation]);
end
$$;
