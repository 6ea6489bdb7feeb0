-- Stores an account's scorecard of a reply, in place of the one that it gave before. No one reviews an own reply, nor one
-- that was erased. A reply of a mailbox has no known author, who might be the reviewer.
create or replace function review_reply(
    p_id uuid, p_message uuid, p_actor uuid, p_grounded smallint, p_complete smallint, p_tone smallint,
    p_policy smallint, p_comment text
) returns jsonb language plpgsql as $$
#variable_conflict use_column
declare
    v_conversation uuid;
    v_role text;
    v_author uuid;
    v_id uuid;
begin
    select m.conversation_id into v_conversation from messages m where m.id = p_message;
    -- An erasure either sees the comment, or has taken the text before it is looked at here.
    perform from conversations c where c.id = v_conversation for share;
    select m.role, s.staff_id into v_role, v_author
    from messages m left join staff_messages s on s.message_id = m.id
    where m.id = p_message and m.direction = 'outbound' and m.kind = 'message' and m.seq is not null
      and m.content <> '[erased]' and not is_withdrawn(m.id);
    if not found then
        return jsonb_build_object('verdict', 'no_reply');
    end if;
    if v_role = 'staff' and coalesce(v_author, p_actor) = p_actor then
        return jsonb_build_object('verdict', 'own_reply');
    end if;
    insert into quality_reviews (id, message_id, reviewer, grounded, complete, tone, policy, comment)
    values (p_id, p_message, p_actor, p_grounded, p_complete, p_tone, p_policy, p_comment)
    on conflict (message_id, reviewer) do update
    set grounded = excluded.grounded, complete = excluded.complete, tone = excluded.tone, policy = excluded.policy,
        comment = excluded.comment, created_at = now()
    returning id into v_id;
    perform record_audit(p_actor, 'reply.reviewed', 'message', p_message, v_conversation);
    return jsonb_build_object('verdict', 'done', 'review_id', v_id);
end
$$;
