-- Removes what was kept longer than its period; a period that is null keeps everything. At most p_limit of each kind:
-- p_limit tells of more. Returns how many of each kind.
--
-- Texts go with their whole conversation, once it is closed and its last message is old enough; the other kinds go row by
-- row. A conversation that is locked is found again later.
create or replace function apply_retention(
    p_messages interval, p_attachments interval, p_raw_mail interval, p_steps interval, p_audit interval,
    p_limit bigint, p_metrics interval default null
) returns jsonb language plpgsql as $$
#variable_conflict use_column
declare
    v_conversations uuid[];
    v_files bytea[];
    v_counts jsonb;
    v_rows bigint;
begin
    v_conversations := array(
        select c.id from conversations c
        where c.id = any (array(
                  select due.id from conversations due
                  where due.status = 'closed' and due.erased_at is null
                    and due.last_message_at < now() - p_messages
                  order by due.last_message_at limit p_limit))
          and c.status = 'closed' and c.erased_at is null
        order by c.id for no key update skip locked);
    if cardinality(v_conversations) > 0 then
        perform erase_texts(v_conversations);
    end if;
    v_counts := jsonb_build_object('conversations', cardinality(v_conversations));

    with gone as (
        delete from attachments a
        where a.id in (select due.id from attachments due
                       where due.created_at < now() - p_attachments and due.state <> 'pending'
                       order by due.created_at limit p_limit)
        returning a.sha256)
    select array_agg(g.sha256), count(*) into v_files, v_rows from gone g;
    perform drop_files(v_files);
    v_counts := v_counts || jsonb_build_object('attachments', v_rows);

    -- Files of side conversations, and uploads that no message was sent with.
    with gone as (
        delete from side_files f
        where f.id in (select due.id from side_files due
                       where due.created_at < now() - p_attachments
                          or due.message_id is null and due.created_at < now() - interval '1 day' limit p_limit)
        returning f.sha256)
    select array_agg(g.sha256) into v_files from gone g;
    perform drop_files(v_files);

    with due as (
        select e.mailbox, e.provider_id, e.raw_sha256 from message_emails e
        where e.raw_sha256 is not null and e.created_at < now() - p_raw_mail
        order by e.created_at limit p_limit
    ), gone as (
        update message_emails e set raw_sha256 = null, raw_bytes = null
        from due where e.mailbox = due.mailbox and e.provider_id = due.provider_id
        returning due.raw_sha256)
    select array_agg(g.raw_sha256), count(*) into v_files, v_rows from gone g;
    perform drop_files(v_files);
    v_counts := v_counts || jsonb_build_object('raw_mails', v_rows);

    delete from turn_steps s
    where s.ctid = any (array(
        select due.ctid from turn_steps due
        where due.created_at < now() - p_steps
          and exists (select from turns t where t.id = due.turn_id and t.ended_at is not null)
        order by due.created_at limit p_limit));
    get diagnostics v_rows = row_count;
    v_counts := v_counts || jsonb_build_object('turn_steps', v_rows);

    -- Codes that were asked for in vain, once they count for no limit any more, and sessions that are over.
    delete from link_challenges h
    where h.id in (select due.id from link_challenges due
                   where due.state <> 'used' and (due.conversation_id is null or due.state <> 'proved')
                     and due.created_at < now() - interval '1 day' limit p_limit);
    get diagnostics v_rows = row_count;
    v_counts := v_counts || jsonb_build_object('codes', v_rows);
    delete from customer_sessions s
    where s.token_hash in (select due.token_hash from customer_sessions due where due.expires_at < now() limit p_limit);
    get diagnostics v_rows = row_count;
    v_counts := v_counts || jsonb_build_object('customer_sessions', v_rows);

    delete from agent_metrics a
    where a.turn_id = any (array(select due.turn_id from agent_metrics due
                                 where due.created_at < now() - p_metrics order by due.created_at limit p_limit));
    get diagnostics v_rows = row_count;
    v_counts := v_counts || jsonb_build_object('metrics', v_rows);

    delete from audit_log a
    where a.id in (select due.id from audit_log due where due.at < now() - p_audit order by due.at limit p_limit);
    get diagnostics v_rows = row_count;
    return v_counts || jsonb_build_object('audit', v_rows);
end
$$;
