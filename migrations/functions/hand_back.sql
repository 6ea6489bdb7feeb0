-- Gives a conversation back to the bot, with what it should know until people have the conversation again. What waits in
-- it gets a turn; replies of staff that have not left still go out.
create or replace function hand_back(p_conversation uuid, p_actor uuid, p_instruction text) returns jsonb
language plpgsql as $$
#variable_conflict use_column
declare
    v_conversation conversations := lock_conversation(p_conversation);
    v_status text := (select t.status from current_ticket(p_conversation) t);
begin
    if v_conversation.id is null then
        return jsonb_build_object('verdict', 'no_conversation');
    elsif v_status = 'closed' then
        return jsonb_build_object('verdict', 'ticket_closed');
    elsif v_conversation.status <> 'escalated' then
        return jsonb_build_object('verdict', 'not_in_human_hands');
    end if;
    perform fence(array[p_conversation], 'active');
    update conversations c set assignee = null, instruction = p_instruction where c.id = p_conversation;
    update tickets t
    set status = case when v_conversation.answered_through < v_conversation.last_inbound
                      then 'open' else 'waiting_customer' end,
        updated_at = now()
    where t.conversation_id = p_conversation and t.status <> 'closed';
    perform append_to_outbox(array[p_conversation]);
    perform record_audit(p_actor, 'conversation.handed_back', 'conversation', p_conversation, p_conversation);
    return jsonb_build_object('verdict', 'done', 'state', desk_state(p_conversation));
end
$$;
