-- Acknowledges long delays to customers, once for each wait. A running turn is not disturbed: neither the epoch nor
-- the unanswered messages change. A locked conversation is skipped and found again later.
--
-- Who waits was read before the lock; the locked row decides whether it is still the same wait.
create or replace function acknowledge_delays(
    p_conversation uuid[], p_answered_through bigint[], p_text text[], p_message uuid[], p_delivery uuid[]
) returns bigint language plpgsql as $$
#variable_conflict use_column
declare
    v_ids uuid[];
begin
    v_ids := array(
        select c.id from conversations c
        where c.id = any (p_conversation) and c.status = 'active' and c.answered_through - c.last_inbound < 0
          and c.delay_acknowledged <= c.answered_through
          and c.answered_through = p_answered_through[array_position(p_conversation, c.id)]
        order by c.id for no key update skip locked);

    update conversations c
    set last_seq = c.last_seq + 1, delay_acknowledged = c.last_inbound
    where c.id = any (v_ids);

    insert into messages (id, conversation_id, seq, channel, direction, role, kind, content)
    select p_message[array_position(p_conversation, c.id)], c.id, c.last_seq, c.channel, 'outbound', 'agent',
           'acknowledgement', p_text[array_position(p_conversation, c.id)]
    from conversations c where c.id = any (v_ids);

    insert into deliveries (id, message_id, conversation_id, channel)
    select p_delivery[array_position(p_conversation, c.id)], p_message[array_position(p_conversation, c.id)], c.id,
           c.channel
    from conversations c where c.id = any (v_ids);

    if wants_events() then
        perform emit_outbound(array(
            select p_message[array_position(p_conversation, c.id)] from conversations c where c.id = any (v_ids)));
    end if;
    return cardinality(v_ids);
end
$$;
