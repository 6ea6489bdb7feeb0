-- The part of store_inquiries for mails that answer in a thread under a new subject: the conversation that each of them
-- leaves, null for all others. Where nothing waits in it, it is closed, so that a new one can be opened
-- (join_conversations); the new one keeps a link to it.
create or replace function renamed_threads(
    p_channel text[], p_kind text[], p_value text[], p_replies jsonb[], p_extras jsonb[]
) returns uuid[] language sql stable as $$
    select array(
        select home.id
        from unnest(p_channel, p_kind, p_value, p_replies, p_extras)
             with ordinality i (channel, kind, value, replies, extras, ord)
        left join lateral (
            select c.id from replied_conversation(i.channel, i.kind, i.value, i.replies) c (id)
            where i.replies is not null and is_renamed(c.id, i.extras -> 'email' ->> 'subject_base')) home on true
        order by i.ord)
$$;
