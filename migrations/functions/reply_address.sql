-- The address that a reply of staff goes to on a channel: the one that the customer last wrote from there in this
-- conversation, else the newest one that a channel has proved to be theirs. The web form has none and needs none.
create or replace function reply_address(p_conversation uuid, p_channel text)
returns table (kind text, value text, mail jsonb) language sql stable as $$
    (select a.kind, a.value, a.mail from address_of(p_conversation, p_channel) a)
    union all
    (select i.kind, i.value, null
     from conversations c join customer_identifiers i on i.customer_id = c.customer_id
     where c.id = p_conversation and i.attested
       and case p_channel
               when 'whatsapp' then i.kind in ('phone', 'provider_user')
               when 'email' then i.kind = 'email'
               else false
           end
     order by i.last_inbound_at desc nulls last, i.kind, i.value limit 1)
    limit 1
$$;
