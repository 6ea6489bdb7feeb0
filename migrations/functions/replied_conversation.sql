-- The open conversation that a message answers in: that of the first of these messages that the records have. Ids are
-- external ids, ids of a provider, Message-IDs of mails, those of our own mails, which name their delivery
-- (`<fte.{delivery}@…>`), and threads of a mailbox (`thread:{mailbox}/{thread}`). A merged conversation goes on in another
-- one.
--
-- Without a sender any conversation counts; with one, only those that the same sender has written in: knowing the id of
-- a message is not enough to get into a conversation.
create or replace function replied_conversation(p_channel text, p_kind text, p_value text, p_replies jsonb)
returns uuid language sql stable as $$
    select c.id
    from jsonb_array_elements_text(p_replies) with ordinality r (external, ord)
    cross join lateral (
        select m.conversation_id from messages m where m.channel = p_channel and m.external_id = r.external
        union all
        select d.conversation_id from deliveries d where d.channel = p_channel and d.provider_id = r.external
        union all
        select d.conversation_id from deliveries d
        where d.channel = p_channel and d.id = substring(r.external from
            '^<fte\.([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})@')::uuid
        union all
        select m.conversation_id from message_emails e join messages m on m.id = e.message_id
        where e.rfc_message_id = r.external
        union all
        select m.conversation_id from message_emails e join messages m on m.id = e.message_id
        where r.external like 'thread:%' and e.thread_id is not null
          and e.mailbox = split_part(substr(r.external, 8), '/', 1)
          and e.thread_id = split_part(substr(r.external, 8), '/', 2)) f
    join conversations c on c.id = merge_target(f.conversation_id) and c.status <> 'closed'
    where p_value is null
       or exists (select from messages w
                  where w.conversation_id in (c.id, f.conversation_id) and w.direction = 'inbound'
                    and w.identifier_kind = p_kind and w.identifier_value = p_value)
    order by r.ord limit 1
$$;
