-- How many automatic replies by mail went, within the last hour, to the sender of a conversation's newest mail: across
-- all conversations, because a machine that answers under new subjects opens one each time.
create or replace function recent_replies(p_conversation uuid) returns bigint language sql stable as $$
    select count(*)
    from messages o
    where o.channel = 'email' and o.direction = 'outbound' and o.role = 'agent'
      and o.created_at > now() - interval '1 hour'
      and o.conversation_id = any (array(
          select distinct m.conversation_id from messages m
          where m.channel = 'email' and m.direction = 'inbound' and m.created_at > now() - interval '1 hour'
            and m.identifier_value = (
                select n.identifier_value from messages n
                where n.conversation_id = p_conversation and n.direction = 'inbound' and n.channel = 'email'
                order by n.seq desc limit 1)))
$$;
