-- Lets the clocks of a conversation go on as if what paused or stopped them last had not been done: that was taken back. An
-- escalation that is unclaimed again has been so since before.
create or replace function restore_clocks(p_conversation uuid) returns void language plpgsql as $$
#variable_conflict use_column
begin
    update conversation_clocks k
    set responded = k.before_responded, response_since = coalesce(k.before_response_since, k.response_since),
        resolution_since = coalesce(k.before_resolution_since, k.resolution_since),
        worked_open = k.before_worked_open, worked_clock = k.before_worked_clock,
        answer_breached_at = case when k.before_response_since is not null then k.before_answer_breached_at end,
        resolution_breached_at = k.before_resolution_breached_at,
        unclaimed_since = case when k.unclaimed_since is not null
                               then coalesce(k.before_unclaimed_since, k.unclaimed_since) end,
        reminders = case when k.unclaimed_since is not null
                         then coalesce(k.before_reminders, k.reminders) else k.reminders end
    where k.conversation_id = p_conversation and k.before_responded is not null;
    perform time_clocks(p_conversation);
end
$$;
