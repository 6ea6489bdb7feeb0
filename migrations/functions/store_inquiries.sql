-- Stores a batch of inquiries in one round trip. The caller has removed repetitions within the batch.
--
-- The order of locks is that of PROTOCOL.md 1.2: external ids, identifiers, customers, conversations, tickets. A
-- message whose external id was taken before touches nothing. Rows are matched by scalar subqueries over arrays, not
-- by joins: the planner knows nothing of an array's size, and a bad guess costs more than the work.
--
-- An attested sender's message goes on in that customer's open conversation (join_conversations). p_extras is null
-- where no message of the batch has anything beside its text. A mail that is stored already, in another mailbox of
-- ours, is a repetition (first_externals); one under a new subject opens a conversation (renamed_threads). p_reuse_within is how long a conversation in which
-- nothing waits is continued after its last message. p_replies is null where no message answers another one; one that
-- does continues the conversation of that message (replied_tickets). A message that names its ticket is refused if
-- p_max_unsettled messages of that conversation wait already.
create or replace function store_inquiries(
    p_message uuid[], p_channel text[], p_external text[], p_fingerprint bytea[], p_content text[],
    p_opens boolean[], p_ticket uuid[], p_conversation uuid[], p_customer uuid[],
    p_kind text[], p_value text[], p_attested boolean[], p_name text[],
    p_subject text[], p_category text[], p_priority text[], p_phone text[],
    p_extras jsonb[], p_reuse_within interval, p_replies jsonb[], p_max_unsettled integer default null
) returns table (
    verdict text, message_id uuid, conversation_id uuid, ticket_id uuid, ticket_number bigint, status text,
    stored_at timestamptz
) language plpgsql as $$
#variable_conflict use_column
declare
    v_conversation uuid[];  -- of each inquiry: its own new one, or its ticket's; null where there is no such ticket
    v_won uuid[];           -- messages whose external id this batch has taken
    v_new boolean[];        -- of each inquiry: whether it is one of them
    v_customer uuid[];      -- of each inquiry that opens: whose it is
    v_goes_on boolean[];    -- of each inquiry: whether it continues a conversation that existed before it
    v_refused uuid[];       -- messages to closed tickets
    v_full uuid[];          -- messages to tickets where too many wait already
    v_limited boolean[];    -- of each inquiry: whether it names its ticket
    v_replied uuid[];       -- of each inquiry: the ticket of the conversation that it answers in
    v_left uuid[];          -- of each mail under a new subject: the conversation whose thread it leaves
    v_has_mail boolean := exists (select from unnest(p_extras) e (extras) where e.extras -> 'email' is not null);
begin
    v_limited := array(
        select not i.opens from unnest(p_opens) with ordinality i (opens, ord) order by i.ord);
    if v_has_mail then
        p_external := first_externals(p_external, p_fingerprint, p_extras);
        perform side_mails(p_message, p_external, p_fingerprint, p_content, p_value, p_attested, p_extras);
        if p_replies is not null then
            perform staff_mails(p_message, p_external, p_fingerprint, p_content, p_replies, p_extras);
            v_left := renamed_threads(p_channel, p_kind, p_value, p_replies, p_extras);
        end if;
    end if;
    if p_replies is not null then
        v_replied := replied_tickets(p_channel, p_kind, p_value, p_replies, p_extras);
        p_opens := array(
            select o.opens and o.replied is null
            from unnest(p_opens, v_replied) with ordinality o (opens, replied, ord) order by o.ord);
        p_ticket := array(
            select coalesce(o.replied, o.ticket)
            from unnest(p_ticket, v_replied) with ordinality o (ticket, replied, ord) order by o.ord);
    end if;

    v_conversation := array(
        select case when o.opens then o.conversation
                    else (select case when c.merged_into is null then c.id else merge_target(c.id) end
                          from tickets t join conversations c on c.id = t.conversation_id
                          where t.id = o.ticket and (not o.limited or t.link_revoked_at is null)) end
        from unnest(p_opens, p_conversation, p_ticket, v_limited)
             with ordinality o (opens, conversation, ticket, limited, ord)
        order by o.ord);

    with taken as (
        insert into messages (id, conversation_id, seq, channel, direction, role, external_id, fingerprint, content,
                              identifier_kind, identifier_value, attested, accepted_status, metadata, sentiment)
        select i.message, i.conversation, case when i.opens and not i.attested then 1 end, i.channel, 'inbound',
               'customer', i.external, i.fingerprint, i.content, i.kind, i.value, i.attested,
               case when i.opens and not i.attested then 'open' end, i.extras -> 'metadata',
               (i.extras -> 'sentiment_percent')::real / 100
        from unnest(p_message, v_conversation, p_opens, p_channel, p_external, p_fingerprint, p_content,
                    p_kind, p_value, p_attested, p_extras)
             i (message, conversation, opens, channel, external, fingerprint, content, kind, value, attested,
                extras)
        where i.conversation is not null
        order by i.channel, i.external
        on conflict (channel, external_id) do nothing
        returning id)
    select coalesce(array_agg(id), '{}') into v_won from taken;

    v_new := array(
        select m.id = any (v_won) from unnest(p_message) with ordinality m (id, ord) order by m.ord);

    insert into customer_identifiers (kind, value, customer_id, attested, last_inbound_at, opted_out_at)
    select distinct on (i.kind, i.value) i.kind, i.value, i.customer, i.attested,
           case when i.attested then now() end,
           (select s.opted_out_at from suppressed_addresses s where s.digest = address_digest(i.kind, i.value))
    from unnest(p_opens, v_new, p_kind, p_value, p_customer, p_attested)
         i (opens, new, kind, value, customer, attested)
    where i.opens and i.new
    order by i.kind, i.value
    on conflict (kind, value) do update
    set attested = customer_identifiers.attested or excluded.attested,
        last_inbound_at = coalesce(excluded.last_inbound_at, customer_identifiers.last_inbound_at);

    v_customer := array(
        select case when i.opens and i.new then
                   (select c.customer_id from customer_identifiers c where c.kind = i.kind and c.value = i.value)
               end
        from unnest(p_opens, v_new, p_kind, p_value) with ordinality i (opens, new, kind, value, ord)
        order by i.ord);

    insert into customers (id, name)
    select i.customer, i.name
    from unnest(p_customer, v_customer, p_name) i (customer, owner, name)
    where i.customer = i.owner
    order by i.customer
    on conflict (id) do nothing;

    insert into conversations (id, customer_id, channel, attested, last_seq, last_inbound)
    select i.conversation, i.owner, i.channel, i.attested, 1, 1
    from unnest(v_conversation, v_customer, p_channel, p_attested) i (conversation, owner, channel, attested)
    where i.owner is not null and not i.attested;

    insert into tickets (id, conversation_id, subject, category, priority, contact_phone)
    select i.ticket, i.conversation, i.subject, i.category, i.priority, i.phone
    from unnest(p_ticket, v_conversation, v_customer, p_attested, p_subject, p_category, p_priority, p_phone)
         i (ticket, conversation, owner, attested, subject, category, priority, phone)
    where i.owner is not null and not i.attested;

    if true = any (p_attested) then
        v_conversation := join_conversations(v_conversation, v_customer, p_attested, p_channel, p_ticket, p_subject,
                                             p_category, p_priority, p_reuse_within, v_left);
    end if;
    if v_left is not null then
        update conversations c
        set metadata = c.metadata || jsonb_build_object('continues', (
            select i.left_behind from unnest(v_conversation, v_left) i (conversation, left_behind)
            where i.conversation = c.id and i.left_behind is not null limit 1))
        where c.id = any (array(
            select i.conversation from unnest(v_conversation, v_left, v_new) i (conversation, left_behind, new)
            where i.new and i.left_behind <> i.conversation));
    end if;

    v_goes_on := array(
        select i.new and (i.attested or not i.opens)
        from unnest(p_opens, p_attested, v_new) with ordinality i (opens, attested, new, ord) order by i.ord);
    if true = any (v_goes_on) then
        select array_agg(r.refused_id) filter (where r.refusal = 'closed'),
               array_agg(r.refused_id) filter (where r.refusal = 'full')
        into v_refused, v_full
        from continue_conversations(p_message, v_conversation, p_channel, v_goes_on, v_limited,
                                    p_max_unsettled) r;
    end if;

    if p_extras is not null then
        perform apply_extras(p_message, v_conversation, v_new, p_kind, p_value, p_extras);
    end if;
    if v_has_mail then
        perform apply_emails(p_external, p_message, p_fingerprint, p_extras);
    end if;

    perform append_to_outbox(array(
        select i.conversation from unnest(v_conversation, v_new) i (conversation, new) where i.new));
    if wants_events() then
        perform emit_inbound(array(select i.message from unnest(p_message, v_new) i (message, new) where i.new));
    end if;

    return query
    select case when i.conversation is null then 'no_ticket'
                when i.message = any (v_refused) then 'closed'
                when i.message = any (v_full) then 'full'
                when i.new then 'new'
                when m.fingerprint = i.fingerprint then 'repeated'
                else 'conflict' end,
           m.id, m.conversation_id, t.id, t.number, m.accepted_status, m.created_at
    from unnest(p_message, p_channel, p_external, p_fingerprint, v_conversation, v_new)
         with ordinality i (message, channel, external, fingerprint, conversation, new, ord)
    left join lateral (
        select * from messages where messages.channel = i.channel and messages.external_id = i.external offset 0
    ) m on true
    left join lateral current_ticket(m.conversation_id) t on true
    order by i.ord;
end
$$;
