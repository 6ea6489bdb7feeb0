-- Reminds staff of escalations that nobody has taken for too long: each reminder is one row, written once in the whole
-- system, because the conversation is locked and looked at again. The second one raises the severity. What tells staff of
-- it is the notice of the escalation, which is due again. Returns how many reminders were written.
--
-- Conversations that staff have snoozed are left alone until they are awake.
create or replace function remind_staff(p_limit bigint) returns bigint language plpgsql as $$
#variable_conflict use_column
declare
    v_found record;
    v_number smallint;
    v_escalation uuid;
    v_severity text;
    v_count bigint := 0;
begin
    for v_found in
        select c.id, c.severity from conversations c
        where c.id = any (array(
            select k.conversation_id from conversation_clocks k
            join conversations s on s.id = k.conversation_id
            where k.remind_at <= now() and (s.snoozed_until is null or s.snoozed_until <= now())
            order by k.remind_at limit p_limit))
        order by c.id for no key update skip locked
    loop
        update conversation_clocks k set reminders = k.reminders + 1
        where k.conversation_id = v_found.id and k.remind_at <= now()
        returning k.reminders into v_number;
        continue when not found;
        select e.id, coalesce(v_found.severity, e.severity) into v_escalation, v_severity
        from escalations e where e.conversation_id = v_found.id order by e.created_at desc, e.id desc limit 1;
        if v_number = 2 then
            v_severity := case v_severity when 'low' then 'normal' when 'normal' then 'high' else 'urgent' end;
        end if;
        insert into escalation_reminders (escalation_id, conversation_id, number, severity)
        values (v_escalation, v_found.id, v_number, v_severity);
        update escalations e
        set reminders = v_number, notified_at = null, notice_due_at = now()
        where e.id = v_escalation;
        update conversations c set severity = v_severity
        where c.id = v_found.id and c.severity is distinct from v_severity;
        perform time_clocks(v_found.id);
        v_count := v_count + 1;
    end loop;
    return v_count;
end
$$;
