-- Moves the clocks of a locked conversation as the table of transitions says (API-STAFF.md 11): they run while people have
-- the conversation and its ticket is escalated or in progress, pause while it waits for the customer, and stop when people
-- have it no more. A hand-over starts them anew; staff who take the conversation, or take it again, let them go on.
--
-- p_by_ticket: the ticket's status was set. Only then does waiting for the customer count: an action changes the
-- conversation first, whose ticket still has its old status.
create or replace function set_clocks(p_conversation uuid, p_by_ticket boolean) returns void
language plpgsql as $$
#variable_conflict use_column
declare
    v_conversation conversations;
    v_ticket text;
    v_old conversation_clocks;
    v_new conversation_clocks;
begin
    select c.* into v_conversation from conversations c where c.id = p_conversation;
    if v_conversation.status <> 'escalated' and p_by_ticket then
        return;
    end if;
    select k.* into v_old from conversation_clocks k where k.conversation_id = p_conversation for no key update;
    if not found then
        v_old.conversation_id := p_conversation;
        v_old.state := 'stopped';
        v_old.responded := false;
        v_old.worked_open := 0;
        v_old.worked_clock := 0;
        v_old.reminders := 0;
    end if;

    v_new := v_old;
    if v_conversation.status <> 'escalated' then
        v_new.state := 'stopped';
    else
        select t.status into v_ticket from tickets t where t.conversation_id = p_conversation and t.status <> 'closed';
        v_new.state := case when v_ticket in ('escalated', 'in_progress') then 'running'
                            when v_ticket = 'waiting_customer' and p_by_ticket then 'waiting'
                            else v_old.state end;
    end if;
    if v_new.state = 'stopped' and v_old.state = 'stopped' then
        return;
    end if;

    if v_new.state = 'stopped' or v_new.state = 'waiting' and p_by_ticket then
        v_new.before_responded := v_old.responded;
        v_new.before_response_since := v_old.response_since;
        v_new.before_resolution_since := v_old.resolution_since;
        v_new.before_worked_open := v_old.worked_open;
        v_new.before_worked_clock := v_old.worked_clock;
        v_new.before_answer_breached_at := v_old.answer_breached_at;
        v_new.before_resolution_breached_at := v_old.resolution_breached_at;
        v_new.before_unclaimed_since := v_old.unclaimed_since;
        v_new.before_reminders := v_old.reminders;
    end if;
    if v_new.state = 'running' then
        if v_old.state = 'stopped' and v_ticket = 'escalated' then
            v_new.responded := false;
            v_new.worked_open := 0;
            v_new.worked_clock := 0;
            v_new.resolution_breached_at := null;
        end if;
        v_new.response_since := coalesce(v_old.response_since, now());
        v_new.resolution_since := coalesce(v_old.resolution_since, now());
    else
        v_new.responded := v_old.responded or v_new.state = 'waiting';
        v_new.response_since := null;
        if v_old.resolution_since is not null then
            v_new.worked_open := v_old.worked_open + coalesce((
                select open_seconds(g.plan, now()) - open_seconds(g.plan, v_old.resolution_since)
                from sla_target_of(p_conversation) g), 0);
            v_new.worked_clock := v_old.worked_clock + extract(epoch from now() - v_old.resolution_since);
        end if;
        v_new.resolution_since := null;
    end if;

    if v_new.response_since is distinct from v_old.response_since then
        v_new.answer_breached_at := null;
    end if;

    -- Whoever had it before the bot did has not claimed this escalation.
    v_new.unclaimed_since := case
        when v_new.state = 'running' and v_ticket = 'escalated'
            then coalesce(v_old.unclaimed_since, now()) end;
    if v_new.unclaimed_since is null then
        v_new.reminders := 0;
    end if;
    perform keep_clocks(v_new);
end
$$;
