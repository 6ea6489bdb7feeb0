-- Takes what was in flight out of a database that was restored from a backup, so that nothing old is sent or answered again.
--
-- A reply that waited or was being sent may have been sent since the backup: it becomes a failed one in doubt, and its
-- conversation goes to people. So do conversations with a message that no reply had answered. No mail with an old code is
-- sent. Replies of the web form stay: they only appear on their page. Without p_apply it only counts.
create or replace function after_restore(p_apply boolean, out replies bigint, out waiting bigint)
language plpgsql as $$
#variable_conflict use_column
declare
    v_id uuid;
    v_escalation uuid;
begin
    perform from conversations c
    where (c.status = 'active' and c.answered_through < c.last_inbound)
       or exists (select from deliveries d
                  where d.conversation_id = c.id and d.state in ('pending', 'sending') and d.channel <> 'web_form')
    order by c.id for no key update;
    select count(*) into replies from deliveries d where d.state in ('pending', 'sending') and d.channel <> 'web_form';
    select count(*) into waiting from conversations c where c.status = 'active' and c.answered_through < c.last_inbound;
    if not p_apply then
        return;
    end if;

    for v_id in
        select c.id from conversations c where c.status = 'active' and c.answered_through < c.last_inbound order by c.id
    loop
        v_escalation := gen_random_uuid();
        perform fence(array[v_id], 'escalated');
        update tickets t set status = 'escalated', resolved_at = null, updated_at = now()
        where t.conversation_id = v_id and t.status in ('open', 'waiting_customer', 'resolved');
        insert into escalations (id, conversation_id, reason, severity, summary)
        values (v_escalation, v_id, 'failure', 'high',
                'The database was restored from a backup in which this message had no answer. It is unknown whether the '
                || 'customer has got one since.');
        if wants_events() then
            perform emit_escalations(array[v_escalation]);
        end if;
    end loop;

    -- A part that fails takes those that would follow with it.
    for v_id in
        select d.id from deliveries d where d.state in ('pending', 'sending') and d.channel <> 'web_form'
        order by d.conversation_id, d.created_at, d.part
    loop
        update deliveries d set unresolved_attempts = d.unresolved_attempts + 1
        where d.id = v_id and d.state in ('pending', 'sending');
        continue when not found;
        perform move_delivery(v_id, null, 'failed', null,
            'The database was restored from a backup while it waited, so it is unknown whether it was sent.');
    end loop;
    update link_challenges h set due_at = null where h.due_at is not null;
end
$$;
