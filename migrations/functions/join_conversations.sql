-- The part of store_inquiries for senders that their channel proves: each goes on in the one open conversation of its
-- customer, on whatever channel that began (PROTOCOL.md 2.4, 4.6). A conversation in which nothing waits, and in
-- which nobody has written for p_reuse_within, is closed here, and a new one is opened. Returns the conversation of
-- each inquiry.
--
-- p_left are conversations whose sender now writes about something new: they are closed as well if nothing waits in
-- them. What another message of the batch continues is closed in neither case.
--
-- Where staff have merged that conversation into another one, they go on in that (merged_home).
--
-- p_customer has a customer for each new inquiry that opens, and null for all others. The customers are locked first,
-- so that two identifiers of one customer don't open two conversations at once.
create or replace function join_conversations(
    p_conversation uuid[], p_customer uuid[], p_attested boolean[], p_channel text[], p_ticket uuid[],
    p_subject text[], p_category text[], p_priority text[], p_reuse_within interval, p_left uuid[]
) returns uuid[] language plpgsql as $$
#variable_conflict use_column
declare
    v_joining uuid[];
    v_stale uuid[];
    v_homes uuid[];  -- of each of v_joining: where a merged conversation of theirs goes on
begin
    v_joining := array(
        select distinct i.customer from unnest(p_customer, p_attested) i (customer, attested)
        where i.attested and i.customer is not null);
    if cardinality(v_joining) = 0 then
        return p_conversation;
    end if;

    perform from customers u where u.id = any (v_joining) order by u.id for no key update;
    v_homes := array(
        select merged_home(u.id, p_reuse_within) from unnest(v_joining) with ordinality u (id, ord) order by u.ord);
    -- All conversations of the batch at once, those of follow-ups too: one order of locks.
    perform from conversations c
    where c.id = any (p_conversation || v_homes) or (c.customer_id = any (v_joining) and c.attested and c.status <> 'closed')
    order by c.id for no key update;

    v_stale := array(
        select c.id from conversations c
        where c.customer_id = any (v_joining) and c.attested and c.status = 'active'
          and c.last_inbound - c.answered_through = 0
          and ((c.id = any (p_left) or c.last_message_at <= now() - p_reuse_within)
               and not c.id = any (array_remove(p_conversation, null))
               or not exists (select from tickets t where t.conversation_id = c.id and t.status <> 'closed')));
    if cardinality(v_stale) > 0 then
        perform close_conversations(v_stale);
    end if;

    insert into conversations (id, customer_id, channel, attested)
    select distinct on (i.customer) i.conversation, i.customer, i.channel, true
    from unnest(p_conversation, p_customer, p_attested, p_channel)
         with ordinality i (conversation, customer, attested, channel, ord)
    where i.attested and i.customer is not null
      and not exists (select from conversations c
                      where c.customer_id = i.customer and c.attested and c.status <> 'closed')
      and not exists (select from conversations c
                      where c.id = v_homes[array_position(v_joining, i.customer)] and c.status <> 'closed')
    order by i.customer, i.ord;

    insert into tickets (id, conversation_id, subject, category, priority)
    select i.ticket, i.conversation, i.subject, i.category, i.priority
    from unnest(p_conversation, p_customer, p_attested, p_ticket, p_subject, p_category, p_priority)
         i (conversation, customer, attested, ticket, subject, category, priority)
    where i.attested and i.customer is not null
      and exists (select from conversations c where c.id = i.conversation);

    return array(
        select case when i.attested and i.customer is not null then
                   coalesce((select c.id from conversations c
                             where c.customer_id = i.customer and c.attested and c.status <> 'closed'),
                            v_homes[array_position(v_joining, i.customer)])
                   else i.conversation end
        from unnest(p_conversation, p_customer, p_attested) with ordinality i (conversation, customer, attested, ord)
        order by i.ord);
end
$$;
