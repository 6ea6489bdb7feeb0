-- Makes an account watch a conversation, or ends that.
create or replace function watch_conversation(p_conversation uuid, p_actor uuid, p_on boolean) returns jsonb
language plpgsql as $$
#variable_conflict use_column
declare
    v_conversation conversations := lock_conversation(p_conversation);
    v_changed boolean;
begin
    if v_conversation.id is null then
        return jsonb_build_object('verdict', 'no_conversation');
    elsif p_on and v_conversation.status = 'closed' then
        return jsonb_build_object('verdict', 'ticket_closed');
    elsif p_on then
        v_changed := cardinality(add_watchers(p_conversation, array[p_actor])) > 0;
    else
        delete from conversation_watchers w where w.conversation_id = p_conversation and w.staff_id = p_actor;
        v_changed := found;
    end if;
    if v_changed then
        perform record_audit(p_actor, case when p_on then 'conversation.watched' else 'conversation.unwatched' end,
                             'conversation', p_conversation, p_conversation);
        insert into staff_events (kind, conversation_id, subject_id)
        values ('conversation', p_conversation, p_conversation);
    end if;
    return jsonb_build_object('verdict', 'done', 'state', desk_state(p_conversation));
end
$$;
