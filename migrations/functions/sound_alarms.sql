-- Marks conversations whose answer is due soon, or overdue, once in the whole system, tells open consoles to read
-- them again, and tells those who watch them. Returns how many were marked as due soon, and how many as overdue by each clock: one conversation counts for
-- the answer and for the resolution if both are over.
create or replace function sound_alarms(p_limit bigint)
returns table (warned bigint, first_response bigint, next_response bigint, resolution bigint)
language sql as $$
    with due as (
        select k.conversation_id from conversation_clocks k
        where k.alarm_at <= now() order by k.alarm_at limit p_limit for no key update skip locked
    ), marked as (
        update conversation_clocks k
        set warned_at = coalesce(k.warned_at, now()),
            breached_at = case when k.due_at <= now() then now() end,
            alarm_at = case when k.due_at > now() then k.due_at end
        from due where k.conversation_id = due.conversation_id
        returning k.conversation_id, k.breached_at, k.first_response_due, k.next_response_due, k.resolution_due
    ), told as (
        insert into staff_events (kind, conversation_id, subject_id)
        select 'conversation', m.conversation_id, m.conversation_id from marked m
    ), watched as (
        insert into staff_events (kind, conversation_id, subject_id, staff_id, cause)
        select 'watched', m.conversation_id, m.conversation_id, w.staff_id,
               case when m.breached_at is null then 'due_soon' else 'overdue' end
        from marked m join conversation_watchers w on w.conversation_id = m.conversation_id
    )
    select count(*) filter (where m.breached_at is null),
           count(*) filter (where m.first_response_due <= m.breached_at),
           count(*) filter (where m.next_response_due <= m.breached_at),
           count(*) filter (where m.resolution_due <= m.breached_at)
    from marked m
$$;
