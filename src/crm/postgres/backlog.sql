-- The size and age of the outbox, and how long customers wait. The conversations that were idle longest, at most 100, hold
-- the oldest message, unless its customer has written again since and more than 100 others wait.
select waiting, parked, oldest,
       coalesce((select extract(epoch from clock_timestamp() - min(m.created_at))
                 from (select id, answered_through from conversations
                       where status = 'active' and answered_through < last_inbound
                       order by last_message_at limit 100) c
                 join lateral (select created_at from messages
                               where conversation_id = c.id and seq > c.answered_through and direction = 'inbound'
                               order by seq limit 1) m on true), 0)::float8 as oldest_message
from backlog()
