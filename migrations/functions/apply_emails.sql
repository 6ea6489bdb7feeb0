-- The part of store_inquiries for mails: where each lies, and what reports of mail servers say about ours. A report
-- counts where it names a delivery of ours, by a Message-ID that only its recipients know.
--
-- p_external has the external id of the message that each mail is, which for a copy is that of the first one.
create or replace function apply_emails(p_external text[], p_message uuid[], p_fingerprint bytea[], p_extras jsonb[])
returns void language plpgsql as $$
#variable_conflict use_column
declare
    v_report record;
begin
    insert into message_emails (mailbox, provider_id, message_id, is_copy, rfc_message_id, fingerprint, thread_id,
                                authentication, automatic, reason, subject_base, full_text, raw_sha256, raw_bytes,
                                remarks)
    select i.mail ->> 'mailbox', i.mail ->> 'provider_id', m.id, m.id <> i.message, i.mail ->> 'rfc_message_id',
           i.fingerprint, i.mail ->> 'thread_id', i.mail ->> 'authentication',
           coalesce(i.mail ->> 'unanswered' in ('automatic', 'bulk', 'no_reply', 'report'), false),
           i.mail ->> 'unanswered', i.mail ->> 'subject_base', i.mail ->> 'full_text',
           decode(i.mail -> 'raw' ->> 'sha256', 'hex'), (i.mail -> 'raw' ->> 'size_bytes')::bigint, i.mail -> 'remarks'
    from (select u.external, u.message, u.fingerprint, u.extras -> 'email' as mail
          from unnest(p_external, p_message, p_fingerprint, p_extras) u (external, message, fingerprint, extras)
          where u.extras -> 'email' is not null) i
    join messages m on m.channel = 'email' and m.external_id = i.external
    order by 1, 2
    on conflict (mailbox, provider_id) do nothing;

    for v_report in
        select d.id as delivery, r.report ->> 'fate' as fate, r.report ->> 'recipient' as recipient,
               r.report ->> 'detail' as detail
        from unnest(p_external, p_message, p_extras) i (external, message, extras)
        join messages m on m.id = i.message and m.channel = 'email' and m.external_id = i.external
        cross join lateral jsonb_array_elements(i.extras -> 'email' -> 'reports') with ordinality r (report, ord)
        join deliveries d on d.channel = 'email' and d.id = coalesce(
            (r.report ->> 'delivery')::uuid,
            (select o.id from deliveries o
             where o.channel = 'email' and o.provider_id = r.report ->> 'rfc_message_id'))
        where i.extras -> 'email' -> 'reports' is not null and r.report ->> 'fate' <> 'delayed'
        order by d.conversation_id, d.id, r.ord
    loop
        perform from conversations c
        where c.id = (select d.conversation_id from deliveries d where d.id = v_report.delivery) for no key update;
        perform from deliveries d where d.id = v_report.delivery for no key update;
        insert into delivery_failures (delivery_id, address, cause, detail)
        select d.id, f.address, case v_report.fate when 'failed' then 'bounced' else 'rejected' end,
               coalesce(v_report.detail, '')
        from deliveries d
        cross join lateral (
            select coalesce(v_report.recipient, d.address, (
                select a.value from address_of(d.conversation_id, d.channel) a)) as address) f
        where d.id = v_report.delivery and v_report.fate in ('failed', 'complaint') and f.address is not null
        on conflict (delivery_id, address) do nothing;
        perform move_delivery(
            v_report.delivery, null,
            case when v_report.fate in ('failed', 'complaint') then 'failed' else 'delivered' end,
            case v_report.fate when 'failed' then 'bounced' when 'complaint' then 'rejected' end,
            case when v_report.fate in ('failed', 'complaint') then
                concat_ws(': ', v_report.recipient, nullif(v_report.detail, '')) end);
    end loop;
end
$$;
