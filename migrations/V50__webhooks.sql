-- Outgoing webhooks (API-STAFF.md 6): endpoints of other systems, and the events that are sent to them.

-- secret signs the events; old_secret signs them too until old_secret_until, so that a receiver can change over.
-- failing_since is the first of the tries that have failed since the last success. A disabled endpoint gets nothing any
-- more.
create table webhooks (
    id uuid primary key,
    url text not null check (length(url) between 1 and 2000),
    types text[] not null check (cardinality(types) > 0),
    secret bytea not null check (length(secret) between 24 and 64),
    old_secret bytea check (length(old_secret) between 24 and 64),
    old_secret_until timestamptz,
    staff_id uuid not null references staff,
    failing_since timestamptz,
    disabled_at timestamptz,
    created_at timestamptz not null default now(),
    check ((old_secret is null) = (old_secret_until is null))
);
create index webhooks_staff on webhooks (staff_id);

-- One event for one endpoint, under one id however often it is sent. data holds ids alone. seq is the order in which
-- events happened. attempts counts the tries of the present series: sending an event again by hand begins a new one.
--
-- Without a foreign key to the endpoint: an event is written in the transaction of whatever happened, and an endpoint that
-- is removed at the same time must not make that fail.
create table webhook_deliveries (
    id uuid primary key default gen_random_uuid(),
    seq bigint not null generated always as identity,
    webhook_id uuid not null,
    type text not null
        check (type in ('ticket.created', 'ticket.resolved', 'ticket.reopened', 'ticket.closed', 'ticket.rated',
                        'message.received', 'message.sent', 'message.parked', 'delivery.failed',
                        'escalation.created', 'escalation.reminder', 'conversation.claimed',
                        'conversation.handed_back', 'webhook.test')),
    data jsonb not null,
    state text not null default 'pending' check (state in ('pending', 'delivered', 'failed')),
    attempts smallint not null default 0,
    due_at timestamptz not null default now(),
    status smallint,
    error text check (length(error) <= 500),
    ended_at timestamptz,
    created_at timestamptz not null default now()
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);
create index webhook_deliveries_due on webhook_deliveries (webhook_id, due_at) where state = 'pending';
create index webhook_deliveries_list on webhook_deliveries (webhook_id, seq);
create index webhook_deliveries_created on webhook_deliveries (created_at);

-- Whatever changes a row is heard of, by whichever statement. While there is no endpoint, a statement costs one look into an
-- empty table (wants_webhooks).
create function tell_webhooks_of_new_tickets() returns trigger language plpgsql as $$
begin
    if wants_webhooks() then
        perform tell_webhooks('ticket.created', array(
            select jsonb_build_object('ticket_id', n.id, 'conversation_id', n.conversation_id) from added n));
    end if;
    return null;
end
$$;
create trigger tickets_hooked after insert on tickets
    referencing new table as added
    for each statement execute function tell_webhooks_of_new_tickets();

create function tell_webhooks_of_tickets() returns trigger language plpgsql as $$
declare
    v_type text;
    v_data jsonb[];
begin
    if wants_webhooks() then
        for v_type, v_data in
            select e.type, array_agg(e.data order by e.id)
            from (select n.id,
                         case when n.status in ('resolved', 'closed') then 'ticket.' || n.status
                              when o.status = 'resolved' then 'ticket.reopened' end as type,
                         jsonb_build_object('ticket_id', n.id, 'conversation_id', n.conversation_id) as data
                  from changed n join former o on o.id = n.id
                  where n.status <> o.status) e
            where e.type is not null
            group by e.type
        loop
            perform tell_webhooks(v_type, v_data);
        end loop;
    end if;
    return null;
end
$$;
create trigger tickets_change_hooked after update on tickets
    referencing old table as former new table as changed
    for each statement execute function tell_webhooks_of_tickets();

create function tell_webhooks_of_rating() returns trigger language plpgsql as $$
begin
    if wants_webhooks() then
        perform tell_webhooks('ticket.rated', array(
            select jsonb_build_object('ticket_id', t.id, 'conversation_id', t.conversation_id)
            from tickets t where t.id = new.ticket_id));
    end if;
    return null;
end
$$;
create trigger ticket_ratings_hooked after insert or update on ticket_ratings
    for each row execute function tell_webhooks_of_rating();

-- A customer's message is received when it has its number: a new conversation's at once, others when they are sorted in.
create function tell_webhooks_of_messages() returns trigger language plpgsql as $$
begin
    if wants_webhooks() then
        perform tell_webhooks('message.received', array(
            select jsonb_build_object('message_id', n.id, 'conversation_id', n.conversation_id)
            from added n where n.direction = 'inbound' and n.seq is not null order by n.seq));
    end if;
    return null;
end
$$;
create trigger messages_hooked after insert on messages
    referencing new table as added
    for each statement execute function tell_webhooks_of_messages();

create function tell_webhooks_of_message() returns trigger language plpgsql as $$
begin
    if wants_webhooks() then
        perform tell_webhooks('message.received', array[
            jsonb_build_object('message_id', new.id, 'conversation_id', new.conversation_id)]);
    end if;
    return null;
end
$$;
create trigger messages_number_hooked after update on messages for each row
    when (old.seq is null and new.seq is not null and new.direction = 'inbound')
    execute function tell_webhooks_of_message();

-- A message is sent when the first of its parts is.
create function tell_webhooks_of_deliveries() returns trigger language plpgsql as $$
declare
    v_left uuid[];
    v_failed uuid[];
begin
    if not wants_webhooks() then
        return null;
    end if;
    if tg_op = 'INSERT' then
        v_left := array(select n.id from changed n where n.state in ('sent', 'delivered', 'read'));
        v_failed := array(select n.id from changed n where n.state = 'failed');
    else
        v_left := array(
            select n.id from changed n join former o on o.id = n.id
            where n.state in ('sent', 'delivered', 'read') and o.state not in ('sent', 'delivered', 'read'));
        v_failed := array(
            select n.id from changed n join former o on o.id = n.id where n.state = 'failed' and o.state <> 'failed');
    end if;
    perform tell_webhooks('message.sent', array(
        select jsonb_build_object('message_id', n.message_id, 'conversation_id', n.conversation_id,
                                  'delivery_id', (array_agg(n.id order by n.part))[1])
        from changed n
        where n.id = any (v_left)
          and not exists (select from deliveries d
                          where d.message_id = n.message_id and d.state in ('sent', 'delivered', 'read')
                            and d.id <> all (v_left))
        group by n.message_id, n.conversation_id));
    perform tell_webhooks('delivery.failed', array(
        select jsonb_build_object('delivery_id', n.id, 'message_id', n.message_id, 'conversation_id', n.conversation_id)
        from changed n where n.id = any (v_failed) order by n.part));
    return null;
end
$$;
create trigger deliveries_added_hooked after insert on deliveries
    referencing new table as changed
    for each statement execute function tell_webhooks_of_deliveries();
create trigger deliveries_hooked after update on deliveries
    referencing old table as former new table as changed
    for each statement execute function tell_webhooks_of_deliveries();

create function tell_webhooks_of_escalations() returns trigger language plpgsql as $$
begin
    if wants_webhooks() then
        perform tell_webhooks('escalation.created', array(
            select jsonb_build_object('escalation_id', n.id, 'conversation_id', n.conversation_id) from added n));
    end if;
    return null;
end
$$;
create trigger escalations_hooked after insert on escalations
    referencing new table as added
    for each statement execute function tell_webhooks_of_escalations();

create function tell_webhooks_of_parked() returns trigger language plpgsql as $$
begin
    if wants_webhooks() then
        perform tell_webhooks('message.parked', array(
            select jsonb_build_object('parked_id', n.id, 'conversation_id', n.conversation_id) from added n));
    end if;
    return null;
end
$$;
create trigger dead_letters_hooked after insert on dead_letters
    referencing new table as added
    for each statement execute function tell_webhooks_of_parked();

create function tell_webhooks_of_claim() returns trigger language plpgsql as $$
begin
    if wants_webhooks() then
        perform tell_webhooks('conversation.claimed', array[
            jsonb_build_object('conversation_id', new.id, 'staff_id', new.assignee)]);
    end if;
    return null;
end
$$;
create trigger conversations_hooked after update on conversations for each row
    when (new.assignee is not null and old.assignee is distinct from new.assignee)
    execute function tell_webhooks_of_claim();

-- That staff have given a conversation back is written nowhere but in the audit log.
create function tell_webhooks_of_hand_back() returns trigger language plpgsql as $$
begin
    if wants_webhooks() then
        perform tell_webhooks('conversation.handed_back', array[
            jsonb_build_object('conversation_id', new.conversation_id, 'staff_id', new.actor)]);
    end if;
    return null;
end
$$;
create trigger audit_log_hooked after insert on audit_log for each row
    when (new.action in ('conversation.handed_back', 'parked.retried'))
    execute function tell_webhooks_of_hand_back();
