-- Gives a conversation to an account: its own by a claim, or another one by an assignment. Repeated, it gives the same
-- answer and changes nothing.
create or replace function claim_conversation(
    p_conversation uuid, p_actor uuid, p_assignee uuid, p_force boolean
) returns jsonb language plpgsql as $$
#variable_conflict use_column
declare
    v_conversation conversations := lock_conversation(p_conversation);
    v_status text := (select t.status from current_ticket(p_conversation) t);
    v_receipt jsonb;
begin
    if v_conversation.id is null then
        return jsonb_build_object('verdict', 'no_conversation');
    elsif v_status = 'closed' then
        return jsonb_build_object('verdict', 'ticket_closed');
    elsif v_status = 'resolved' then
        return jsonb_build_object('verdict', 'resolved');
    elsif not exists (select from staff s where s.id = p_assignee and s.active) then
        return jsonb_build_object('verdict', 'no_staff');
    elsif v_conversation.assignee not in (p_actor, p_assignee) and not p_force then
        return jsonb_build_object('verdict', 'claimed', 'assignee', person(v_conversation.assignee));
    elsif v_conversation.status = 'escalated' and v_conversation.assignee = p_assignee and v_status = 'in_progress'
          and v_conversation.takeover is not null then
        return jsonb_build_object('verdict', 'done', 'state', desk_state(p_conversation),
                                  'receipt', v_conversation.takeover);
    end if;

    v_receipt := take_over(p_conversation);
    update conversations c set assignee = p_assignee where c.id = p_conversation;
    update tickets t set status = 'in_progress', updated_at = now()
    where t.conversation_id = p_conversation and t.status <> 'closed';
    perform record_audit(
        p_actor, case when p_assignee = p_actor then 'conversation.claimed' else 'conversation.assigned' end,
        'conversation', p_conversation, p_conversation,
        jsonb_build_object('assignee', p_assignee, 'before', v_conversation.assignee, 'receipt', v_receipt));
    return jsonb_build_object('verdict', 'done', 'state', desk_state(p_conversation), 'receipt', v_receipt);
end
$$;
