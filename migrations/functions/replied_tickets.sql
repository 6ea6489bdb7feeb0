-- The part of store_inquiries for messages that answer others: for each message the ticket of the conversation that it
-- continues, or null where it opens one. p_replies are ids on the message's channel, the closest first.
--
-- A conversation counts only if it is open and the same sender has written in it: knowing the id of a message is not
-- enough to get into a conversation.
create or replace function replied_tickets(p_channel text[], p_kind text[], p_value text[], p_replies jsonb[])
returns uuid[] language sql stable as $$
    select array(
        select t.id
        from unnest(p_channel, p_kind, p_value, p_replies) with ordinality i (channel, kind, value, replies, ord)
        left join lateral (
            select c.id
            from jsonb_array_elements_text(i.replies) with ordinality r (external, ord)
            cross join lateral (
                select m.conversation_id from messages m where m.channel = i.channel and m.external_id = r.external
                union all
                select d.conversation_id from deliveries d
                where d.channel = i.channel and d.provider_id = r.external) f
            join conversations c on c.id = f.conversation_id and c.status <> 'closed'
            where exists (select from messages w
                          where w.conversation_id = c.id and w.direction = 'inbound'
                            and w.identifier_kind = i.kind and w.identifier_value = i.value)
            order by r.ord limit 1) home on true
        left join tickets t on t.conversation_id = home.id and t.status <> 'closed'
        order by i.ord)
$$;
