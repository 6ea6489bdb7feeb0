-- Leases messages of side conversations that may be sent now, oldest first, one of each side conversation. One whose
-- recipient has become a customer since is never sent. A message whose lease has run out is sent again under the same
-- Message-ID.
create or replace function lease_side_messages(p_limit bigint, p_lease interval)
returns table (
    message_id uuid, attempt smallint, content text, subject text, recipients text[], in_reply_to text,
    message_references text[], files jsonb
) language plpgsql as $$
#variable_conflict use_column
declare
    v_leased uuid[];
begin
    update side_messages m set state = 'failed', due_at = null, error = 'a recipient is a customer now'
    from side_conversations s
    where s.id = m.side_id and m.state in ('pending', 'sending') and m.due_at <= clock_timestamp() and are_customers(s.recipients);
    v_leased := array(
        select m.id from side_messages m
        where m.state in ('pending', 'sending') and m.due_at <= clock_timestamp()
          and not exists (select from side_messages e
                          where e.side_id = m.side_id and e.state in ('pending', 'sending')
                            and (e.created_at, e.id) < (m.created_at, m.id))
        order by m.due_at limit p_limit for no key update skip locked);
    update side_messages m
    set state = 'sending', attempts = m.attempts + 1, due_at = clock_timestamp() + p_lease
    where m.id = any (v_leased);
    return query
    select m.id, m.attempts, m.content,
           s.subject || ' [' || (select 'T-' || t.number from current_ticket(s.conversation_id) t) || ']',
           s.recipients,
           (select e.rfc_message_id from side_messages e
            where e.side_id = m.side_id and e.rfc_message_id is distinct from null
            order by e.created_at desc, e.id desc limit 1),
           array(select e.rfc_message_id from side_messages e
                 where e.side_id = m.side_id and e.rfc_message_id is distinct from null order by e.created_at, e.id),
           (select coalesce(jsonb_agg(jsonb_build_object(
                        'name', f.name, 'content_type', f.content_type, 'sha256', encode(f.sha256, 'hex'))
                        order by f.position), '[]')
            from side_files f where f.message_id = m.id)
    from side_messages m join side_conversations s on s.id = m.side_id
    where m.id = any (v_leased);
end
$$;
