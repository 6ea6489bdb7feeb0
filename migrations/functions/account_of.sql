-- What a turn may know of a customer whose address is proved: their newest other tickets. The subject is left out where
-- nobody has proved who wrote it.
create or replace function account_of(p_conversation uuid, p_customer uuid) returns jsonb language sql stable as $$
    select coalesce(jsonb_agg(jsonb_build_object('number', o.number, 'subject', o.subject, 'status', o.status)), '[]')
    from (
        select t.number, case when p.is_trusted then t.subject end as subject,
               case when t.status in ('waiting_customer', 'escalated', 'resolved')
                    then coalesce(status_before_pending(p.conversation_id), t.status) else t.status end as status
        from proved_conversations(p_customer) p
        cross join lateral current_ticket(p.conversation_id) t
        where p.conversation_id <> p_conversation
        limit 10) o
$$;
