-- Takes the texts, files and addresses out of these locked conversations; rows and their counts stay. Returns how many
-- rows of each table lost something.
--
-- Ids of providers stay, so that no provider can deliver an erased message again.
create or replace function erase_texts(p_conversation uuid[]) returns jsonb language plpgsql as $$
#variable_conflict use_column
declare
    v_counts jsonb := '{}';
    v_messages uuid[];
    v_files bytea[];
    v_rows bigint;
begin
    v_messages := array(select m.id from messages m where m.conversation_id = any (p_conversation));
    v_files := array(
        select a.sha256 from attachments a where a.message_id = any (v_messages) and a.sha256 is not null
        union
        select e.raw_sha256 from message_emails e where e.message_id = any (v_messages) and e.raw_sha256 is not null
        union
        select f.sha256 from side_files f
        where f.message_id in (select s.id from side_messages s join side_conversations o on o.id = s.side_id
                               where o.conversation_id = any (p_conversation)));

    update messages m
    set content = '[erased]', metadata = null, fingerprint = null, identifier_kind = null, identifier_value = null
    where m.id = any (v_messages);
    get diagnostics v_rows = row_count;
    v_counts := v_counts || jsonb_build_object('messages', v_rows);

    update message_emails e
    set rfc_message_id = null, fingerprint = '', thread_id = null, subject_base = '', full_text = null,
        raw_sha256 = null, raw_bytes = null, remarks = null
    where e.message_id = any (v_messages);
    get diagnostics v_rows = row_count;
    v_counts := v_counts || jsonb_build_object('mails', v_rows);

    update message_feedback f set comment = null where f.message_id = any (v_messages);
    update quality_reviews q set comment = null where q.message_id = any (v_messages);
    -- Answers to actions of the last day, which may repeat a text.
    delete from staff_requests r
    where substring(r.path from '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}')::uuid
          = any (p_conversation || v_messages);
    delete from staff_drafts f where f.conversation_id = any (p_conversation);
    delete from suggestions g where g.conversation_id = any (p_conversation);
    delete from conversation_summaries y where y.conversation_id = any (p_conversation);
    update bulk_steps b set before = null where b.conversation_id = any (p_conversation);
    update conversation_merges g set before = '{}' where g.source_id = any (p_conversation);
    delete from side_messages s
    where s.side_id in (select o.id from side_conversations o where o.conversation_id = any (p_conversation));
    delete from side_conversations o where o.conversation_id = any (p_conversation);
    -- Questions without personal data, too: nothing of a conversation is learned after its erasure. What was approved is
    -- the company's own.
    delete from knowledge_questions q where q.conversation_id = any (p_conversation);
    delete from knowledge_run_cases r where r.message_id = any (v_messages);
    update knowledge_proposals p
    set title = '[erased]', body = '[erased]', reason = null, model = null, embedding = null, run_state = null,
        state = 'rejected'
    where p.state <> 'approved'
      and p.ticket_id in (select t.id from tickets t where t.conversation_id = any (p_conversation));

    delete from attachments a where a.message_id = any (v_messages);
    get diagnostics v_rows = row_count;
    v_counts := v_counts || jsonb_build_object('attachments', v_rows, 'files', drop_files(v_files));

    delete from delivery_drafts f
    where f.delivery_id in (select d.id from deliveries d where d.conversation_id = any (p_conversation));
    delete from delivery_failures f
    where f.delivery_id in (select d.id from deliveries d where d.conversation_id = any (p_conversation));
    update deliveries d
    set body = case when d.body is null then null else '[erased]' end, recipients = null, error = null,
        address = null, to_kind = null, to_value = null
    where d.conversation_id = any (p_conversation);
    get diagnostics v_rows = row_count;
    v_counts := v_counts || jsonb_build_object('deliveries', v_rows);

    update turns t set instruction = null
    where t.conversation_id = any (p_conversation) and t.instruction is distinct from null;
    delete from turn_steps s
    where s.turn_id in (select t.id from turns t where t.conversation_id = any (p_conversation));
    get diagnostics v_rows = row_count;
    v_counts := v_counts || jsonb_build_object('turn_steps', v_rows);

    update escalations e set summary = '[erased]' where e.conversation_id = any (p_conversation);
    get diagnostics v_rows = row_count;
    v_counts := v_counts || jsonb_build_object('escalations', v_rows);

    update dead_letters l set reason = '[erased]' where l.conversation_id = any (p_conversation);
    update outbox o set parked_reason = '[erased]' where o.key = any (p_conversation) and o.parked_reason is not null;
    update audit_log a set details = '{}' where a.conversation_id = any (p_conversation);
    update ticket_ratings r set comment = null
    where r.ticket_id in (select t.id from tickets t where t.conversation_id = any (p_conversation));

    update tickets t set subject = '[erased]', contact_phone = null where t.conversation_id = any (p_conversation);
    get diagnostics v_rows = row_count;
    v_counts := v_counts || jsonb_build_object('tickets', v_rows);

    update conversations c
    set metadata = '{}', language = null, tags = '{}', instruction = null, takeover = null, erased_at = now()
    where c.id = any (p_conversation);
    get diagnostics v_rows = row_count;
    return v_counts || jsonb_build_object('conversations', v_rows);
end
$$;
