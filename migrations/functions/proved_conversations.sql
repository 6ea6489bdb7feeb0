-- The conversations of a customer that came by an address which is proved to be theirs, the newest first. is_trusted says
-- whether their sender was proved, too: only then may their texts be shown to whoever answers the customer.
create or replace function proved_conversations(p_customer uuid)
returns table (conversation_id uuid, is_trusted boolean) language sql stable as $$
    select c.id, c.attested or c.proved
    from conversations c
    where c.customer_id = p_customer
      and (c.attested or c.proved
           or exists (select from messages m
                      join customer_identifiers i on i.kind = m.identifier_kind and i.value = m.identifier_value
                      where m.conversation_id = c.id and m.direction = 'inbound'
                        and i.customer_id = p_customer and i.attested))
    order by c.last_message_at desc, c.id desc
$$;
