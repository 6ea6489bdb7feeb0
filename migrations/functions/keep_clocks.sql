-- Stores the clocks of a conversation, and when what they count is due.
create or replace function keep_clocks(p_clocks conversation_clocks) returns void language plpgsql as $$
#variable_conflict use_column
begin
    insert into conversation_clocks (
        conversation_id, state, responded, response_since, resolution_since, worked_open, worked_clock,
        before_responded, before_response_since, before_resolution_since, before_worked_open, before_worked_clock,
        unclaimed_since, reminders, answer_breached_at, resolution_breached_at, before_answer_breached_at,
        before_resolution_breached_at, before_unclaimed_since, before_reminders)
    values (
        p_clocks.conversation_id, p_clocks.state, p_clocks.responded, p_clocks.response_since,
        p_clocks.resolution_since, p_clocks.worked_open, p_clocks.worked_clock, p_clocks.before_responded,
        p_clocks.before_response_since, p_clocks.before_resolution_since, p_clocks.before_worked_open,
        p_clocks.before_worked_clock, p_clocks.unclaimed_since, p_clocks.reminders, p_clocks.answer_breached_at,
        p_clocks.resolution_breached_at, p_clocks.before_answer_breached_at, p_clocks.before_resolution_breached_at,
        p_clocks.before_unclaimed_since, p_clocks.before_reminders)
    on conflict (conversation_id) do update
    set state = excluded.state, responded = excluded.responded, response_since = excluded.response_since,
        resolution_since = excluded.resolution_since, worked_open = excluded.worked_open,
        worked_clock = excluded.worked_clock, before_responded = excluded.before_responded,
        before_response_since = excluded.before_response_since,
        before_resolution_since = excluded.before_resolution_since,
        before_worked_open = excluded.before_worked_open, before_worked_clock = excluded.before_worked_clock,
        unclaimed_since = excluded.unclaimed_since, reminders = excluded.reminders,
        answer_breached_at = excluded.answer_breached_at, resolution_breached_at = excluded.resolution_breached_at,
        before_answer_breached_at = excluded.before_answer_breached_at,
        before_resolution_breached_at = excluded.before_resolution_breached_at,
        before_unclaimed_since = excluded.before_unclaimed_since, before_reminders = excluded.before_reminders;
    perform time_clocks(p_clocks.conversation_id);
end
$$;
