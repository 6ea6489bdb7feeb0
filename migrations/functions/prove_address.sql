-- Opens a session for the address of a code that was right, once: the address is the customer's from now on. With a ticket,
-- and if that one was submitted on the web form with this address, its conversation is proved too. Returns the session's
-- address and end; nothing if the code was used meanwhile or nobody has the address any more.
create or replace function prove_address(p_challenge uuid, p_token bytea, p_ticket uuid, p_lifetime interval)
returns table (email text, expires_at timestamptz) language plpgsql as $$
#variable_conflict use_column
declare
    v_email text;
    v_customer uuid;
begin
    update link_challenges h set state = 'used', due_at = null
    where h.id = p_challenge and h.conversation_id is null and h.state = 'open'
    returning h.email into v_email;
    select i.customer_id into v_customer from customer_identifiers i
    where i.kind = 'email' and i.value = v_email for no key update;
    if v_customer is null then
        return;
    end if;
    update customer_identifiers i set attested = true where i.kind = 'email' and i.value = v_email;
    update link_challenges h set customer_id = v_customer where h.id = p_challenge;
    update conversations c set proved = true
    where c.id = (select t.conversation_id from tickets t where t.id = p_ticket)
      and c.customer_id = v_customer and c.channel = 'web_form' and not c.proved
      and exists (select from messages m
                  where m.conversation_id = c.id and m.direction = 'inbound'
                    and m.identifier_kind = 'email' and m.identifier_value = v_email);
    delete from customer_sessions s
    where s.ctid = any (array(select o.ctid from customer_sessions o where o.expires_at < now()
                              order by o.expires_at limit 10 for update skip locked));
    return query
    insert into customer_sessions (token_hash, email, expires_at)
    values (p_token, v_email, now() + p_lifetime)
    returning customer_sessions.email, customer_sessions.expires_at;
end
$$;
