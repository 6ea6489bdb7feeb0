-- Marks of a breach for each clock: the answer's and the resolution's. They replace breached_at, which was forgotten whenever
-- the earlier of the two due times moved, so that one breach counted several times, and the later one never; nothing writes
-- it any more and a later release drops it. The mark of an answer holds for that answer, the mark of a resolution until a
-- hand-over starts the clocks anew.
alter table conversation_clocks
    add column answer_breached_at timestamptz,
    add column resolution_breached_at timestamptz,
    add column before_answer_breached_at timestamptz,
    add column before_resolution_breached_at timestamptz,
    add column before_unclaimed_since timestamptz,
    add column before_reminders smallint;

update conversation_clocks k
set answer_breached_at = case when d.answer <= k.breached_at then k.breached_at end,
    resolution_breached_at = case when k.resolution_due <= k.breached_at then k.breached_at end,
    alarm_at = case when greatest(d.answer, k.resolution_due) > k.breached_at
                    then greatest(d.answer, k.resolution_due) end
from (select c.conversation_id, coalesce(c.first_response_due, c.next_response_due) as answer
      from conversation_clocks c) d
where d.conversation_id = k.conversation_id and k.breached_at is not null;
