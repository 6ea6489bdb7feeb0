-- The part of store_inquiries for mails that colleagues wrote to customers with another mail program: each is a reply
-- of staff in the conversation that it answers (PROTOCOL.md 4.5). It settles what its author had been shown, withdraws
-- replies of the bot that have not left, and leaves the conversation in human hands. One that answers no known conversation is left
-- to the rest of store_inquiries.
create or replace function staff_mails(
    p_message uuid[], p_external text[], p_fingerprint bytea[], p_content text[], p_replies jsonb[], p_extras jsonb[]
) returns void language plpgsql as $$
#variable_conflict use_column
declare
    v_mail record;
    v_conversation conversations;
    v_shown bigint;
begin
    for v_mail in
        select i.message, i.external, i.fingerprint, i.content, i.extras, i.replies,
               replied_conversation('email', null, null, i.replies) as conversation
        from unnest(p_message, p_external, p_fingerprint, p_content, p_replies, p_extras)
             with ordinality i (message, external, fingerprint, content, replies, extras, ord)
        where i.extras -> 'email' ->> 'unanswered' = 'staff_reply' and i.replies is not null
        order by conversation, i.ord
    loop
        continue when v_mail.conversation is null;
        v_conversation := lock_conversation(v_mail.conversation);
        continue when v_conversation.status = 'closed';
        insert into messages (id, conversation_id, channel, direction, role, external_id, fingerprint, content, metadata,
                              accepted_status)
        values (v_mail.message, v_mail.conversation, 'email', 'outbound', 'staff', v_mail.external,
                v_mail.fingerprint, v_mail.content, v_mail.extras -> 'metadata', 'waiting_customer')
        on conflict (channel, external_id) do nothing;
        continue when not found;
        -- The newest message that the mail names was shown to its author. One that names a thread alone answers all.
        v_shown := coalesce((
            select max(m.seq)
            from jsonb_array_elements_text(v_mail.replies) r (external)
            join messages m on m.conversation_id = v_mail.conversation and m.seq is not null
             and (m.external_id = r.external
                  or exists (select from message_emails e where e.message_id = m.id and e.rfc_message_id = r.external)
                  or exists (select from deliveries d
                             where d.message_id = m.id
                               and (d.provider_id = r.external or r.external like '<fte.' || d.id || '@%')))),
            v_conversation.last_inbound);
        perform fence(array[v_mail.conversation], 'escalated');
        update conversations c set last_seq = c.last_seq + 1, last_message_at = now() where c.id = v_mail.conversation;
        update messages m
        set seq = (select c.last_seq from conversations c where c.id = v_mail.conversation)
        where m.id = v_mail.message;
        update messages m set answered_by = v_mail.message
        where m.conversation_id = v_mail.conversation and m.direction = 'inbound' and m.answered_by is null
          and m.seq <= v_shown;
        update conversations c
        set answered_through = first_unanswered(c.id), crashed_owners = '{}', faults = 0
        where c.id = v_mail.conversation;
        update tickets t
        set status = case
                when not exists (select from messages m
                                 where m.conversation_id = v_mail.conversation and m.direction = 'inbound'
                                   and m.answered_by is null) then 'waiting_customer'
                when v_conversation.assignee is null then 'escalated'
                else 'in_progress' end,
            resolved_at = null, reopened_from = null, updated_at = now()
        where t.conversation_id = v_mail.conversation and t.status <> 'closed';
        perform withdraw_replies(v_mail.conversation);
        if wants_events() then
            perform emit_outbound(array[v_mail.message]);
        end if;
    end loop;
end
$$;
