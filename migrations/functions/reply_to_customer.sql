-- A reply of staff: takes the conversation over as a claim does, answers everything that its author had been shown, and
-- leaves at its time. p_channel, p_cc and p_bcc are null where the author named none; then the copies are those of the
-- customer's mail. p_delay is null for the usual one, p_usual_delay, which WhatsApp has not.
-- p_sources are the sections that a program's reply cites.
-- A suggestion that it was made from must be of this conversation and as new as its newest public message.
create or replace function reply_to_customer(
    p_conversation uuid, p_actor uuid, p_message uuid, p_delivery uuid, p_text text, p_seen uuid, p_channel text,
    p_cc jsonb, p_bcc jsonb, p_delay interval, p_resolves boolean, p_force boolean, p_usual_delay interval,
    p_channels text[], p_window interval, p_suggestion uuid default null,
    p_sources jsonb default null
) returns jsonb language plpgsql as $$
#variable_conflict use_column
declare
    v_conversation conversations := lock_conversation(p_conversation);
    v_status text := (select t.status from current_ticket(p_conversation) t);
    v_channel text := coalesce(p_channel, v_conversation.channel);
    v_delay interval := coalesce(p_delay, case when v_channel = 'whatsapp' then interval '0' else p_usual_delay end);
    v_unseen uuid[] := unseen_messages(p_conversation, p_seen);
    v_refusal text;
    v_receipt jsonb;
    v_send_at timestamptz := clock_timestamp() + v_delay;
begin
    if v_conversation.id is null then
        return jsonb_build_object('verdict', 'no_conversation');
    elsif v_status = 'closed' then
        return jsonb_build_object('verdict', 'ticket_closed');
    elsif v_conversation.assignee <> p_actor and not p_force then
        return jsonb_build_object('verdict', 'claimed', 'assignee', person(v_conversation.assignee));
    elsif v_unseen is null then
        return jsonb_build_object('verdict', 'not_shown');
    elsif cardinality(v_unseen) > 0 then
        return jsonb_build_object('verdict', 'unseen_messages', 'unseen', to_jsonb(v_unseen));
    elsif p_suggestion is not null then
        if not exists (select from suggestions g where g.id = p_suggestion and g.conversation_id = p_conversation) then
            return jsonb_build_object('verdict', 'no_suggestion');
        elsif exists (select from suggestions g join messages m on m.conversation_id = g.conversation_id
                      where g.id = p_suggestion and m.seq > g.public_seq and m.kind <> 'note'
                        and (m.direction = 'inbound' or not is_withdrawn(m.id))) then
            return jsonb_build_object('verdict', 'suggestion_retired');
        end if;
    end if;
    v_refusal := reply_refusal(
        p_conversation, v_channel, p_channels,
        jsonb_array_length(coalesce(p_cc, '[]')) + jsonb_array_length(coalesce(p_bcc, '[]')) > 0,
        v_delay > interval '0', p_window);
    if v_refusal is not null then
        return jsonb_build_object('verdict', v_refusal);
    end if;

    v_receipt := take_over(p_conversation, case when p_resolves then 'active' else 'escalated' end);
    update conversations c
    set last_seq = c.last_seq + 1, answered_through = c.last_inbound, assignee = p_actor, last_message_at = now(),
        crashed_owners = '{}', faults = 0
    where c.id = p_conversation;
    perform write_staff_message(p_conversation, p_actor, p_message, 'message', v_channel, p_text, v_status);
    update messages m set sources = p_sources where m.id = p_message and p_sources is not null;
    update staff_messages r set suggestion_id = p_suggestion where r.message_id = p_message;
    insert into deliveries (id, message_id, conversation_id, channel, not_before, recipients, to_kind, to_value)
    select p_delivery, p_message, p_conversation, v_channel, v_send_at,
           case when coalesce(p_cc, p_bcc) is not null then
               jsonb_build_object('cc', coalesce(p_cc, a.mail -> 'cc', '[]'), 'bcc', coalesce(p_bcc, '[]')) end,
           a.kind, a.value
    from (select) one left join reply_address(p_conversation, v_channel) a on v_channel <> 'web_form';
    delete from staff_drafts d where d.staff_id = p_actor and d.conversation_id = p_conversation;
    update messages m set answered_by = p_message
    where m.conversation_id = p_conversation and m.direction = 'inbound' and m.answered_by is null;
    update tickets t
    set status = case when p_resolves then 'resolved' else 'waiting_customer' end,
        resolved_at = case when p_resolves then now() end, reopened_from = null, updated_at = now()
    where t.conversation_id = p_conversation and t.status <> 'closed';
    if p_resolves then
        perform tell_watchers(p_conversation, 'resolved', p_conversation, p_actor);
    end if;
    perform record_audit(p_actor, 'conversation.replied', 'message', p_message, p_conversation,
                         jsonb_build_object('channel', v_channel, 'resolves', p_resolves));
    if wants_events() then
        perform emit_outbound(array[p_message]);
    end if;
    return jsonb_build_object('verdict', 'done', 'state', desk_state(p_conversation), 'receipt', v_receipt,
                              'message_id', p_message, 'send_at', rfc3339(v_send_at));
end
$$;
