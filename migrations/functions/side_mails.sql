-- The part of store_inquiries for mails that belong to side conversations: each goes there, and a note in the
-- conversation, which takes its external id, tells staff of it. Nothing of the text is in the note, and its files are those of
-- the side conversation.
create or replace function side_mails(
    p_message uuid[], p_external text[], p_fingerprint bytea[], p_content text[], p_value text[], p_attested boolean[],
    p_extras jsonb[]
) returns void language plpgsql as $$
#variable_conflict use_column
declare
    v_mail record;
    v_answer uuid;
begin
    for v_mail in
        select i.message, i.external, i.fingerprint, i.content, i.value, i.attested, i.extras, s.id as side,
               s.staff_id as author, merge_target(s.conversation_id) as conversation
        from unnest(p_message, p_external, p_fingerprint, p_content, p_value, p_attested, p_extras)
             with ordinality i (message, external, fingerprint, content, value, attested, extras, ord)
        join side_conversations s on s.id = side_of_mail(i.extras)
        where i.extras -> 'email' is not null
        order by conversation, i.ord
    loop
        perform lock_conversation(v_mail.conversation);
        insert into messages (id, conversation_id, channel, direction, role, kind, external_id, fingerprint, content,
                              accepted_status)
        values (v_mail.message, v_mail.conversation, 'email', 'outbound', 'staff', 'note', v_mail.external,
                v_mail.fingerprint, 'There is an answer in a side conversation.',
                (select t.status from current_ticket(v_mail.conversation) t))
        on conflict (channel, external_id) do nothing;
        continue when not found;
        update conversations c set last_seq = c.last_seq + 1 where c.id = v_mail.conversation;
        update messages m
        set seq = (select c.last_seq from conversations c where c.id = v_mail.conversation)
        where m.id = v_mail.message;
        v_answer := gen_random_uuid();
        insert into side_messages (id, side_id, direction, sender, attested, content, rfc_message_id, state, note_id)
        values (v_answer, v_mail.side, 'inbound', v_mail.value, coalesce(v_mail.attested, false),
                v_mail.content, v_mail.extras -> 'email' ->> 'rfc_message_id', 'received', v_mail.message);
        insert into side_files (id, message_id, position, content_type, size_bytes, sha256)
        select gen_random_uuid(), v_answer, e.ord, e.item ->> 'content_type',
               (e.item -> 'stored' ->> 'size_bytes')::bigint, decode(e.item -> 'stored' ->> 'sha256', 'hex')
        from jsonb_array_elements(coalesce(v_mail.extras -> 'attachments', '[]')) with ordinality e (item, ord)
        where e.item -> 'stored' is distinct from null;
        insert into staff_mentions (message_id, staff_id) values (v_mail.message, v_mail.author);
    end loop;
end
$$;
