with unclosed as (
    select c.* from conversations c where c.status <> 'closed' or c.snoozed_until is not null
    union all
    select c.* from closed_conversations z join conversations c on c.id = z.conversation_id
    where z.conversation_id in (select l.conversation_id from dead_letters l where l.ended_at is null)
), found as materialized (
    select c.id, c.assignee, c.status, c.last_message_at, c.created_at, t.status as ticket_status, k.due_at,
           c.status = 'escalated' as in_human_hands, coalesce(c.snoozed_until > now(), false) as is_snoozed,
           t.status in ('resolved', 'closed') as is_over,
           c.status = 'closed' and c.snoozed_until is null as is_counted,
           c.id in (select l.conversation_id from dead_letters l where l.ended_at is null) as is_parked,
           c.id in (select w.conversation_id from conversation_watchers w where w.staff_id = $1) as is_watched
    from unclosed c cross join lateral current_ticket(c.id) t
    left join conversation_clocks k on k.conversation_id = c.id
    where ($2::text is null or c.channel = $2) and ($3::text is null or c.status = $3)
      and ($4::text is null or t.status = $4) and (not $5 or c.assignee is null)
      and ($6::uuid is null or c.assignee = $6) and ($7::text is null or $7 = any (c.tags))
      and ($8::text is null or t.priority = $8) and ($9::text is null or c.severity = $9)
      and ($10::text is null or c.reason = $10) and ($11::uuid is null or c.customer_id = $11)
      and ($12::boolean is null or coalesce(k.due_at <= now(), false) = $12)
), placed as materialized (
    select f.*,
           in_human_hands and ticket_status in ('escalated', 'in_progress') and not is_snoozed
               and (assignee is null or assignee = $1) as needs_me,
           in_human_hands and assignee is null and not is_snoozed and not is_over as unassigned,
           coalesce(assignee = $1, false) and not is_snoozed and not is_over as mine,
           is_watched and f.status <> 'closed' as watching,
           f.status = 'active' and ticket_status in ('open', 'waiting_customer') as bot
    from found f
-- A closed conversation has no clock that runs, so that nothing is due in it.
), closed as not materialized (
    select z.* from closed_conversations z
    where ($2 is null or z.channel = $2) and ($3 is null or $3 = 'closed')
      and ($4 is null or z.ticket_status = $4) and (not $5 or z.assignee is null)
      and ($6 is null or z.assignee = $6) and ($7 is null or $7 = any (z.tags))
      and ($8 is null or z.priority = $8) and ($9 is null or z.severity = $9)
      and ($10 is null or z.reason = $10) and ($11 is null or z.customer_id = $11)
      and ($12 is null or not $12)
), counted as (
    select z.ticket_status, z.n from closed_counts z
    where $11 is null and $7 is null
      and ($2 is null or z.channel = $2) and ($3 is null or $3 = 'closed')
      and ($4 is null or z.ticket_status = $4) and (not $5 or z.assignee is null)
      and ($6 is null or z.assignee = $6) and ($8 is null or z.priority = $8)
      and ($9 is null or z.severity = $9) and ($10 is null or z.reason = $10) and ($12 is null or not $12)
    union all
    select z.ticket_status, 1 from closed z where z.customer_id = $11
    union all
    select z.ticket_status, 1 from closed z where $11 is null and z.tags @> array[$7]
), page as (
    select p.id, p.first_place, p.second_place
    from (
        (select f.id,
                case $13::text when 'due' then coalesce((extract(epoch from f.due_at) * 1000000)::bigint, 9223372036854775807)
                               when '-last_message' then -(extract(epoch from f.last_message_at) * 1000000)::bigint
                               else (extract(epoch from f.created_at) * 1000000)::bigint end as first_place,
                case $13 when 'due' then (extract(epoch from f.last_message_at) * 1000000)::bigint else 0 end as second_place
         from placed f
         where case $14::text when 'needs_me' then needs_me when 'unassigned' then unassigned when 'mine' then mine
                              when 'watching' then watching when 'bot' then bot when 'snoozed' then is_snoozed when 'parked' then is_parked
                              when 'resolved' then is_over and not is_counted else not is_counted end)
        union all
        (select z.conversation_id, 9223372036854775807, (extract(epoch from z.last_message_at) * 1000000)::bigint
         from closed z
         where $13 = 'due' and ($14 = 'all' or $14 = 'resolved' and z.ticket_status in ('resolved', 'closed'))
           and (z.last_message_at, z.conversation_id)
               > (case when $15::bigint = 9223372036854775807
                       then 'epoch'::timestamptz + $16::bigint * interval '1 microsecond' else '-infinity' end,
                  coalesce($17::uuid, '00000000-0000-0000-0000-000000000000'))
         order by z.last_message_at, z.conversation_id limit 101)
        union all
        (select z.conversation_id, -(extract(epoch from z.last_message_at) * 1000000)::bigint, 0
         from closed z
         where $13 = '-last_message' and ($14 = 'all' or $14 = 'resolved' and z.ticket_status in ('resolved', 'closed'))
           and z.last_message_at
               <= case when $15 is null then 'infinity' else 'epoch'::timestamptz - $15 * interval '1 microsecond' end
           and ($15 is null or z.last_message_at < 'epoch'::timestamptz - $15 * interval '1 microsecond'
                or z.conversation_id > $17)
         order by z.last_message_at desc, z.conversation_id limit 101)
        union all
        (select z.conversation_id, (extract(epoch from z.created_at) * 1000000)::bigint, 0
         from closed z
         where $13 = 'created' and ($14 = 'all' or $14 = 'resolved' and z.ticket_status in ('resolved', 'closed'))
           and (z.created_at, z.conversation_id)
               > (case when $15 is null then '-infinity' else 'epoch'::timestamptz + $15 * interval '1 microsecond' end,
                  coalesce($17, '00000000-0000-0000-0000-000000000000'))
         order by z.created_at, z.conversation_id limit 101)
    ) p
    where $15 is null or (p.first_place, p.second_place, p.id) > ($15, $16, $17)
    order by p.first_place, p.second_place, p.id limit $18::bigint + 1
)
select n.*, now() as as_of, p.id as conversation_id, c.channel, c.status as conversation_status, c.tags, c.severity,
       c.reason, c.sentiment, c.last_message_at, k.due_at, coalesce(k.due_at <= now(), false) as breached,
       c.snoozed_until, p.first_place, p.second_place,
       jsonb_build_object('id', u.id, 'name', u.name) as customer, person(c.assignee) as assignee,
       coalesce(left(m.content, $19), '') as preview,
       t.id, t.number, t.status, t.subject, t.category, t.priority, t.created_at, t.updated_at, t.resolved_at
from (select o.count_needs_me, o.count_unassigned, o.count_mine, o.count_watching, o.count_bot, o.count_snoozed,
             o.count_parked,
             o.count_resolved + z.count_resolved as count_resolved, o.count_all + z.count_all as count_all
      from (select count(*) filter (where needs_me) as count_needs_me,
                   count(*) filter (where unassigned) as count_unassigned,
                   count(*) filter (where mine) as count_mine, count(*) filter (where watching) as count_watching,
                   count(*) filter (where bot) as count_bot,
                   count(*) filter (where is_snoozed) as count_snoozed,
                   count(*) filter (where is_parked) as count_parked,
                   count(*) filter (where is_over and not is_counted) as count_resolved,
                   count(*) filter (where not is_counted) as count_all
            from placed) o
      cross join (select coalesce(sum(d.n) filter (where d.ticket_status in ('resolved', 'closed')), 0)::bigint
                             as count_resolved,
                         coalesce(sum(d.n), 0)::bigint as count_all
                  from counted d) z) n
left join page p on true
left join conversations c on c.id = p.id
left join conversation_clocks k on k.conversation_id = p.id
left join customers u on u.id = c.customer_id
left join lateral current_ticket(p.id) t on true
left join lateral (
    select m.content from messages m
    where m.conversation_id = p.id and m.kind <> 'note' and m.seq is not null
      and (m.direction = 'inbound' or not is_withdrawn(m.id))
    order by m.seq desc limit 1
) m on true
order by p.first_place, p.second_place, p.id
