-- The public messages after the newest one that a person was shown; null if that is no public message of the
-- conversation. A reply of the bot that has not left is none, because the action that asks withdraws it.
--
-- The caller has locked the conversation and its deliveries.
create or replace function unseen_messages(p_conversation uuid, p_seen uuid) returns uuid[] language sql stable as $$
    select array(
        select m.id from messages m
        where m.conversation_id = p_conversation and m.seq > s.seq and m.kind <> 'note'
          and (m.direction = 'inbound'
               or not exists (select from deliveries d where d.message_id = m.id)
               or exists (select from deliveries d
                          where d.message_id = m.id
                            and (d.state not in ('withdrawn', 'pending') or d.unresolved_attempts > 0
                                 or d.state = 'pending' and m.role <> 'agent')))
        order by m.seq)
    from messages s
    where s.id = p_seen and s.conversation_id = p_conversation and s.seq is not null and s.kind <> 'note'
$$;
