-- Changes the priority, the severity and the tags of a conversation; null leaves what it is. It may have p_max_tags.
create or replace function change_conversation(
    p_conversation uuid, p_actor uuid, p_priority text, p_severity text, p_add text[], p_remove text[],
    p_max_tags integer
) returns jsonb language plpgsql as $$
#variable_conflict use_column
declare
    v_conversation conversations := lock_conversation(p_conversation);
    v_tags text[];
begin
    if v_conversation.id is null then
        return jsonb_build_object('verdict', 'no_conversation');
    elsif (select t.status from current_ticket(p_conversation) t) = 'closed' then
        return jsonb_build_object('verdict', 'ticket_closed');
    end if;
    v_tags := array(
        select distinct g.tag from unnest(v_conversation.tags || p_add) g (tag)
        where g.tag <> all (p_remove) order by g.tag);
    if cardinality(v_tags) > p_max_tags then
        return jsonb_build_object('verdict', 'too_many_tags');
    end if;
    update conversations c set tags = v_tags, severity = coalesce(p_severity, c.severity)
    where c.id = p_conversation;
    update tickets t set priority = p_priority, updated_at = now()
    where t.conversation_id = p_conversation and t.status <> 'closed' and t.priority <> p_priority;
    perform record_audit(
        p_actor, 'conversation.changed', 'conversation', p_conversation, p_conversation,
        jsonb_strip_nulls(jsonb_build_object('priority', p_priority, 'severity', p_severity,
                                             'added', to_jsonb(p_add), 'removed', to_jsonb(p_remove))));
    return jsonb_build_object('verdict', 'done', 'state', desk_state(p_conversation));
end
$$;
