-- Locks the next conversation of a bulk action. `go`: it is as the list showed it; its newest public message counts as
-- seen. Otherwise the answer says why nothing is done: `changed`, it is no longer what the list showed; `repeated`, the
-- operation has been here before.
create or replace function begin_bulk_step(p_bulk uuid, p_conversation uuid) returns jsonb language plpgsql as $$
#variable_conflict use_column
declare
    v_conversation conversations := lock_conversation(p_conversation);
begin
    if v_conversation.id is null then
        return jsonb_build_object('verdict', 'no_conversation');
    elsif exists (select from bulk_steps s where s.bulk_id = p_bulk and s.conversation_id = p_conversation) then
        return jsonb_build_object('verdict', 'repeated');
    elsif last_change(p_conversation) > (select o.as_of from bulk_operations o where o.id = p_bulk) then
        return jsonb_build_object('verdict', 'changed');
    end if;
    return jsonb_build_object(
        'verdict', 'go', 'before', conversation_before(p_conversation),
        'seen', (select m.id from messages m
                 where m.conversation_id = p_conversation and m.kind <> 'note' and m.seq is distinct from null
                 order by m.seq desc limit 1));
end
$$;
