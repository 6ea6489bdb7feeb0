-- Tells customers who have waited long that their message is here: once for each time that they wait. The bot's turn
-- goes on as it was: neither the epoch nor what waits is touched. A conversation that somebody holds is left for later.
--
-- Somebody who ordered us to stop writing is told nothing.
--
-- Whether somebody waits is looked up before the lock; that it is still the same wait is settled on the locked row.
create or replace function acknowledge_delays(p_older interval, p_text text, p_message uuid[], p_delivery uuid[])
returns bigint language plpgsql as $$
#variable_conflict use_column
declare
    v_waiting uuid[];
    v_settled bigint[];
    v_ids uuid[];
begin
    select array_agg(w.id), array_agg(w.settled_through) into v_waiting, v_settled
    from (select c.id, c.settled_through from conversations c
          where c.status = 'active' and c.settled_through < c.last_inbound
            and c.delay_acknowledged <= c.settled_through
            and exists (select from messages m
                        where m.conversation_id = c.id and m.seq > c.settled_through and m.direction = 'inbound'
                          and m.answered_by is null and m.created_at < clock_timestamp() - p_older)
            and not (c.channel = 'whatsapp' and exists (
                select from customer_identifiers i
                where i.customer_id = c.customer_id and i.kind = 'phone' and i.opted_out_at is not null))
          order by c.last_message_at limit cardinality(p_message)) w;
    if v_waiting is null then
        return 0;
    end if;

    v_ids := array(
        select c.id from conversations c
        where c.id = any (v_waiting) and c.status = 'active' and c.settled_through - c.last_inbound < 0
          and c.delay_acknowledged <= c.settled_through
          and c.settled_through = v_settled[array_position(v_waiting, c.id)]
        order by c.id for no key update skip locked);

    update conversations c
    set last_seq = c.last_seq + 1, delay_acknowledged = c.last_inbound
    where c.id = any (v_ids);

    insert into messages (id, conversation_id, seq, channel, direction, role, kind, content)
    select p_message[array_position(v_ids, c.id)], c.id, c.last_seq, c.channel, 'outbound', 'agent', 'acknowledgement',
           replace(p_text, '{ticket}', coalesce((select 'T-' || t.number from tickets t
                                                 where t.conversation_id = c.id and t.status <> 'closed'), ''))
    from conversations c where c.id = any (v_ids);

    insert into deliveries (id, message_id, conversation_id, channel)
    select p_delivery[array_position(v_ids, c.id)], p_message[array_position(v_ids, c.id)], c.id, c.channel
    from conversations c where c.id = any (v_ids);

    if wants_events() then
        perform emit_outbound(array(
            select p_message[array_position(v_ids, c.id)] from conversations c where c.id = any (v_ids)));
    end if;
    return cardinality(v_ids);
end
$$;
