-- Takes a parked message off the list; nothing else changes.
create or replace function dismiss_parked(p_parked uuid, p_actor uuid) returns jsonb language plpgsql as $$
#variable_conflict use_column
declare
    v_conversation uuid;
begin
    update dead_letters l set ended_by = p_actor, ended_at = now()
    where l.id = p_parked and l.ended_at is null
    returning l.conversation_id into v_conversation;
    if not found then
        return jsonb_build_object('verdict', 'no_parked');
    end if;
    perform record_audit(p_actor, 'parked.dismissed', 'parked', p_parked, v_conversation);
    return jsonb_build_object('verdict', 'done');
end
$$;
