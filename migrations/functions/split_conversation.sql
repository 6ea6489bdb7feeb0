-- Moves messages of a conversation into a new one of the same customer, with a ticket of its own. Staff have it. Both
-- keep at least one message of the customer; what waits, waits where it is.
create or replace function split_conversation(
    p_conversation uuid, p_actor uuid, p_messages uuid[], p_subject text, p_new uuid, p_ticket uuid
) returns jsonb language plpgsql as $$
#variable_conflict use_column
declare
    v_conversation conversations := lock_conversation(p_conversation);
    v_left bigint;
begin
    if v_conversation.id is null then
        return jsonb_build_object('verdict', 'no_conversation');
    elsif v_conversation.status = 'closed' then
        return jsonb_build_object('verdict', 'ticket_closed');
    elsif exists (select from unnest(p_messages) p (id)
                  where not exists (select from messages m
                                    where m.id = p.id and m.conversation_id = p_conversation
                                      and m.seq is distinct from null)) then
        return jsonb_build_object('verdict', 'unknown_messages');
    end if;
    select max(m.seq) into v_left from messages m
    where m.conversation_id = p_conversation and m.direction = 'inbound' and m.id <> all (p_messages);
    if v_left is null or not exists (select from messages m
                                     where m.id = any (p_messages) and m.direction = 'inbound') then
        return jsonb_build_object('verdict', 'nothing_to_split');
    end if;

    perform fence(array[p_conversation]);
    insert into conversations (id, customer_id, channel, status, attested, last_seq, last_inbound, language,
                               last_message_at)
    select p_new, v_conversation.customer_id,
           (array_agg(m.channel order by m.seq desc) filter (where m.direction = 'inbound'))[1], 'escalated', false,
           count(*), max(m.place) filter (where m.direction = 'inbound'), v_conversation.language, max(m.created_at)
    from (select n.*, row_number() over (order by n.seq) as place from messages n where n.id = any (p_messages)) m;
    insert into tickets (id, conversation_id, subject, category, priority, status)
    select p_ticket, p_new, p_subject, t.category, t.priority, 'escalated' from current_ticket(p_conversation) t;
    update messages m set conversation_id = p_new, seq = n.place
    from (select o.id, row_number() over (order by o.seq) as place from messages o where o.id = any (p_messages)) n
    where m.id = n.id;
    update deliveries d set conversation_id = p_new where d.message_id = any (p_messages);
    update conversations c set answered_through = first_unanswered(c.id) where c.id = p_new;
    update conversations c
    set last_inbound = v_left, answered_through = least(c.answered_through, v_left), changed_at = clock_timestamp()
    where c.id = p_conversation;
    update conversations c set answered_through = first_unanswered(c.id) where c.id = p_conversation;
    update tickets t set status = 'waiting_customer', updated_at = now()
    from conversations c
    where t.conversation_id = p_conversation and t.status = 'open' and c.id = p_conversation and c.status = 'active'
      and c.answered_through = c.last_inbound;
    delete from conversation_summaries y where y.conversation_id = p_conversation;
    perform append_to_outbox(array[p_conversation]);
    insert into staff_events (kind, conversation_id, subject_id)
    values ('conversation', p_conversation, p_conversation), ('conversation', p_new, p_new);
    perform record_audit(p_actor, 'conversation.split', 'conversation', p_conversation, p_conversation,
                         jsonb_build_object('new', p_new));
    return jsonb_build_object('verdict', 'done', 'conversation_id', p_new, 'ticket_id', p_ticket);
end
$$;
