-- Computes from the clocks of a conversation what is due when, and when staff are warned and reminded. Called for whatever
-- changes a clock or the targets that hold for it. The next alarm is that of the first due time that is not marked as
-- breached; if that moves, it is warned of anew.
create or replace function time_clocks(p_conversation uuid) returns void language plpgsql as $$
#variable_conflict use_column
declare
    v_clocks conversation_clocks;
    v_target sla_targets;
    v_settings sla_settings;
    v_answer timestamptz;
    v_resolution timestamptz;
    v_alarm timestamptz;
begin
    select k.* into v_clocks from conversation_clocks k where k.conversation_id = p_conversation for no key update;
    if not found then
        return;
    end if;
    select g.* into v_target from sla_target_of(p_conversation) g;
    select s.* into v_settings from sla_settings s;

    v_answer := case when v_target.response_day_and_night
        then v_clocks.response_since + make_interval(secs => v_target.response_seconds)
        else support_due(v_target.plan, v_clocks.response_since, v_target.response_seconds) end;
    v_resolution := case when v_target.resolution_day_and_night
        then v_clocks.resolution_since
             + make_interval(secs => v_target.resolution_seconds - v_clocks.worked_clock)
        else support_due(v_target.plan, v_clocks.resolution_since,
                         v_target.resolution_seconds - v_clocks.worked_open) end;
    v_alarm := least(case when v_clocks.answer_breached_at is null then v_answer end,
                     case when v_clocks.resolution_breached_at is null then v_resolution end);
    if v_alarm is distinct from least(
           case when v_clocks.answer_breached_at is null
                then coalesce(v_clocks.first_response_due, v_clocks.next_response_due) end,
           case when v_clocks.resolution_breached_at is null then v_clocks.resolution_due end) then
        v_clocks.warned_at := null;
    end if;

    update conversation_clocks k
    set first_response_due = case when not k.responded then v_answer end,
        next_response_due = case when k.responded then v_answer end,
        resolution_due = v_resolution,
        due_at = least(v_answer, v_resolution),
        warned_at = v_clocks.warned_at,
        alarm_at = case when v_clocks.warned_at is null
                        then v_alarm - make_interval(secs => v_settings.warn_seconds) else v_alarm end,
        remind_at = (
            select case when c.severity = 'urgent'
                        then k.unclaimed_since + make_interval(secs => v_settings.remind_seconds * (k.reminders + 1))
                        else support_due(v_target.plan, k.unclaimed_since,
                                         v_settings.remind_seconds * (k.reminders + 1)) end
            from conversations c
            where c.id = p_conversation and k.reminders < 2
              and exists (select from escalations e where e.conversation_id = p_conversation))
    where k.conversation_id = p_conversation;
end
$$;
