-- Revokes the address of a ticket's page: whoever has it sees nothing any more.
create or replace function revoke_link(p_conversation uuid, p_actor uuid) returns jsonb language plpgsql as $$
#variable_conflict use_column
declare
    v_conversation conversations := lock_conversation(p_conversation);
begin
    if v_conversation.id is null then
        return jsonb_build_object('verdict', 'no_conversation');
    end if;
    update tickets t set link_revoked_at = now()
    where t.conversation_id = p_conversation and t.link_revoked_at is null;
    if found then
        perform record_audit(p_actor, 'ticket.link_revoked', 'conversation', p_conversation, p_conversation);
    end if;
    return jsonb_build_object('verdict', 'done');
end
$$;
