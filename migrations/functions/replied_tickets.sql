-- The part of store_inquiries for messages that answer others: for each message the ticket of the conversation that it
-- continues, or null where it opens one (replied_conversation). p_replies are ids on the message's channel, the closest
-- first. A mail under another subject than the newest one of its conversation is about something new and opens one.
create or replace function replied_tickets(
    p_channel text[], p_kind text[], p_value text[], p_replies jsonb[], p_extras jsonb[]
) returns uuid[] language sql stable as $$
    select array(
        select t.id
        from unnest(p_channel, p_kind, p_value, p_replies, p_extras)
             with ordinality i (channel, kind, value, replies, extras, ord)
        left join lateral (
            select c.id from replied_conversation(i.channel, i.kind, i.value, i.replies) c (id)
            where i.replies is not null and not is_renamed(c.id, i.extras -> 'email' ->> 'subject_base')) home on true
        left join tickets t on t.conversation_id = home.id and t.status <> 'closed'
        order by i.ord)
$$;
