-- Keeps what an account is about to write, if it has not changed since the revision that the account has seen; the
-- first one is 0.
create or replace function keep_draft(
    p_conversation uuid, p_actor uuid, p_text text, p_channel text, p_cc jsonb, p_bcc jsonb, p_revision bigint
) returns jsonb language plpgsql as $$
#variable_conflict use_column
declare
    v_revision bigint;
begin
    if not exists (select from conversations c where c.id = p_conversation) then
        return jsonb_build_object('verdict', 'no_conversation');
    elsif (select t.status from current_ticket(p_conversation) t) = 'closed' then
        return jsonb_build_object('verdict', 'ticket_closed');
    elsif p_revision = 0 then
        insert into staff_drafts (staff_id, conversation_id, content, channel, cc, bcc, revision)
        values (p_actor, p_conversation, p_text, p_channel, p_cc, p_bcc, 1)
        on conflict (staff_id, conversation_id) do nothing returning revision into v_revision;
    else
        update staff_drafts d
        set content = p_text, channel = p_channel, cc = p_cc, bcc = p_bcc, revision = d.revision + 1,
            updated_at = now()
        where d.staff_id = p_actor and d.conversation_id = p_conversation and d.revision = p_revision
        returning d.revision into v_revision;
    end if;
    if v_revision is null then
        return jsonb_build_object('verdict', 'stale_draft');
    end if;
    return jsonb_build_object('verdict', 'done', 'revision', v_revision);
end
$$;
