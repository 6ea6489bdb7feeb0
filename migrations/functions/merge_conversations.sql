-- Merges a conversation into another one of its customer: it is closed, and what is written to it later goes to the
-- other one, and so do those who watch it. The notes that record it are p_source_note and p_target_note, with the texts p_merged and p_received, in
-- which `{ticket}` is the number of the other ticket.
--
-- Nothing is answered twice: the note settles what waited in the source, and then staff have the target, because the bot
-- does not know it there.
create or replace function merge_conversations(
    p_source uuid, p_actor uuid, p_target uuid, p_merge uuid, p_source_note uuid, p_target_note uuid, p_merged text,
    p_received text
) returns jsonb language plpgsql as $$
#variable_conflict use_column
declare
    v_source conversations;
    v_target conversations;
    v_before jsonb;
    v_turns uuid[];
    v_waits boolean;
    v_watchers uuid[];
begin
    perform lock_conversations(p_source, p_target);
    select c.* into v_source from conversations c where c.id = p_source;
    select c.* into v_target from conversations c where c.id = p_target;
    if v_source.id is null then
        return jsonb_build_object('verdict', 'no_conversation');
    elsif v_target.id is null or p_source = p_target then
        return jsonb_build_object('verdict', 'no_target');
    elsif v_source.customer_id <> v_target.customer_id then
        return jsonb_build_object('verdict', 'other_customer');
    elsif v_source.status = 'closed' or v_target.status = 'closed' then
        return jsonb_build_object('verdict', 'ticket_closed');
    end if;

    v_before := conversation_before(p_source);
    perform withdraw_replies(p_source);
    v_turns := withdrawn_turns(p_source);
    v_waits := v_source.answered_through < v_source.last_inbound or cardinality(v_turns) > 0;
    update conversations c
    set last_seq = c.last_seq + 1, answered_through = c.last_inbound, snoozed_until = null, merged_into = p_target,
        crashed_owners = '{}', faults = 0
    where c.id = p_source;
    perform close_conversations(array[p_source]);
    perform write_staff_message(p_source, p_actor, p_source_note, 'note', v_source.channel,
                                replace(p_merged, '{ticket}', 'T-' || (select t.number from current_ticket(p_target) t)));
    update messages m set answered_by = p_source_note
    where m.conversation_id = p_source and m.direction = 'inbound' and m.answered_by is null;

    if v_waits then
        if v_target.status <> 'escalated' then
            perform take_over(p_target);
            update conversations c set assignee = p_actor where c.id = p_target;
        end if;
        update conversations c set snoozed_until = null where c.id = p_target;
        update tickets t
        set status = case when (select c.assignee from conversations c where c.id = p_target) is null
                          then 'escalated' else 'in_progress' end,
            resolved_at = null, reopened_from = null, updated_at = now()
        where t.conversation_id = p_target and t.status <> 'closed';
    end if;
    update conversations c set last_seq = c.last_seq + 1 where c.id = p_target;
    perform write_staff_message(p_target, p_actor, p_target_note, 'note', v_target.channel,
                                replace(p_received, '{ticket}',
                                        'T-' || (select t.number from current_ticket(p_source) t)));
    delete from conversation_summaries y where y.conversation_id in (p_source, p_target);
    v_watchers := add_watchers(
        p_target, array(select w.staff_id from conversation_watchers w where w.conversation_id = p_source));
    insert into conversation_merges (id, source_id, target_id, staff_id, before, note, turns, watchers)
    values (p_merge, p_source, p_target, p_actor, v_before, p_source_note, v_turns, v_watchers);
    perform record_audit(p_actor, 'conversation.merged', 'conversation', p_source, p_source,
                         jsonb_build_object('into', p_target));
    return jsonb_build_object('verdict', 'done', 'state', desk_state(p_source));
end
$$;
