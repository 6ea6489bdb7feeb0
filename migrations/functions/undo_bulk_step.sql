-- Undoes what a bulk action did to one conversation. Returns why it does not; null if it is undone, now or before. A
-- conversation that has changed since is left alone, and a reply that is being sent stays.
create or replace function undo_bulk_step(p_bulk uuid, p_conversation uuid, p_actor uuid) returns text
language plpgsql as $$
#variable_conflict use_column
declare
    v_conversation conversations := lock_conversation(p_conversation);
    v_step bulk_steps;
begin
    select s.* into v_step from bulk_steps s where s.bulk_id = p_bulk and s.conversation_id = p_conversation;
    if v_step.undone_at is distinct from null then
        return null;
    elsif v_conversation.erased_at is distinct from null or v_step.before is null
          or last_change(p_conversation) <> v_step.after_at then
        return 'changed';
    elsif exists (select from deliveries d
                  where d.message_id = v_step.answered_by
                    and (d.state not in ('pending', 'withdrawn') or d.unresolved_attempts > 0)) then
        return 'already_sent';
    end if;
    perform restore_conversation(p_conversation, v_step.before, v_step.answered_by, v_step.turns);
    update bulk_steps s set undone_at = now() where s.bulk_id = p_bulk and s.conversation_id = p_conversation;
    perform record_audit(p_actor, 'conversation.bulk_undone', 'conversation', p_conversation, p_conversation,
                         jsonb_build_object('bulk_id', p_bulk));
    return null;
end
$$;
