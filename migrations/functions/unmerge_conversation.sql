-- Takes the merge of a conversation back: it goes on as it was before. What was written in the other one since stays
-- there. Whoever watches the other one because of the merge does so no longer.
create or replace function unmerge_conversation(p_source uuid, p_actor uuid) returns jsonb language plpgsql as $$
#variable_conflict use_column
declare
    v_customer uuid;
    v_conversation conversations;
    v_merge conversation_merges;
begin
    -- The customer first (PROTOCOL.md 1.2): under that lock alone intake opens another conversation. The conversation may get
    -- another customer while this waits.
    loop
        select c.customer_id into v_customer from conversations c where c.id = p_source;
        perform from customers u where u.id = v_customer for no key update;
        v_conversation := lock_conversation(p_source);
        exit when v_conversation.customer_id is not distinct from v_customer;
    end loop;
    if v_conversation.id is null then
        return jsonb_build_object('verdict', 'no_conversation');
    end if;
    select g.* into v_merge from conversation_merges g
    where g.source_id = p_source and g.undone_at is null order by g.created_at desc limit 1;
    if v_conversation.merged_into is null or v_merge.id is null or v_conversation.erased_at is distinct from null then
        return jsonb_build_object('verdict', 'not_merged');
    end if;
    -- Another attested conversation of the customer may have been opened since; there is one at a time.
    update conversations c
    set merged_into = null,
        attested = c.attested and not exists (
            select from conversations o
            where o.customer_id = c.customer_id and o.attested and o.status <> 'closed' and o.id <> c.id)
    where c.id = p_source;
    delete from conversation_watchers w
    where w.conversation_id = v_merge.target_id and w.staff_id = any (v_merge.watchers);
    perform restore_conversation(p_source, v_merge.before, v_merge.note, v_merge.turns);
    delete from conversation_summaries y where y.conversation_id in (p_source, v_merge.target_id);
    update conversation_merges g set undone_at = now() where g.id = v_merge.id;
    perform record_audit(p_actor, 'conversation.unmerged', 'conversation', p_source, p_source,
                         jsonb_build_object('from', v_merge.target_id));
    return jsonb_build_object('verdict', 'done', 'state', desk_state(p_source));
end
$$;
