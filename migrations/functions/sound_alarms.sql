-- Marks conversations whose answer is due soon, and each clock that is overdue, once in the whole system, tells open
-- consoles to read them again, and tells those who watch them. Returns how many were marked as due soon, and how many as
-- overdue by each clock: one conversation counts for the answer and for the resolution if both are over. A clock that is
-- marked sounds no more, so that the other one is next.
create or replace function sound_alarms(p_limit bigint)
returns table (warned bigint, first_response bigint, next_response bigint, resolution bigint)
language sql as $$
    with due as (
        select k.conversation_id, k.first_response_due, k.next_response_due,
               case when k.answer_breached_at is null
                    then coalesce(k.first_response_due, k.next_response_due) end as answer_due,
               case when k.resolution_breached_at is null then k.resolution_due end as resolution_due
        from conversation_clocks k
        where k.alarm_at <= now() order by k.alarm_at limit p_limit for no key update skip locked
    ), judged as (
        select d.*, d.answer_due <= now() as answer_over, d.resolution_due <= now() as resolution_over,
               least(d.answer_due, d.resolution_due) <= now() as is_over,
               least(case when d.answer_due > now() then d.answer_due end,
                     case when d.resolution_due > now() then d.resolution_due end) as due_next
        from due d
    ), marked as (
        update conversation_clocks k
        set answer_breached_at = case when j.answer_over then now() else k.answer_breached_at end,
            resolution_breached_at = case when j.resolution_over then now() else k.resolution_breached_at end,
            warned_at = case when not j.is_over then now() end,
            alarm_at = case when j.is_over
                            then j.due_next - make_interval(secs => (select s.warn_seconds from sla_settings s))
                            else j.due_next end
        from judged j where k.conversation_id = j.conversation_id
        returning j.*
    ), told as (
        insert into staff_events (kind, conversation_id, subject_id)
        select 'conversation', m.conversation_id, m.conversation_id from marked m
    ), watched as (
        insert into staff_events (kind, conversation_id, subject_id, staff_id, cause)
        select 'watched', m.conversation_id, m.conversation_id, w.staff_id,
               case when m.is_over then 'overdue' else 'due_soon' end
        from marked m join conversation_watchers w on w.conversation_id = m.conversation_id
    )
    select count(*) filter (where not m.is_over),
           count(*) filter (where m.answer_over and m.first_response_due is not null),
           count(*) filter (where m.answer_over and m.next_response_due is not null),
           count(*) filter (where m.resolution_over)
    from marked m
$$;
