-- Leases challenges whose code must be mailed, for one try each, and gives each the next of the codes that the caller
-- has made. Only the newest code of a challenge is valid, so a mail that may have been sent before a crash does no
-- harm.
--
-- No mail goes to an address that no other customer has, nor to one that got p_an_hour or p_a_day mails; the
-- requester cannot tell. Addresses are locked in order, so that two chats cannot exceed the limit together.
create or replace function lease_verification_mails(
    p_salt uuid[], p_hash bytea[], p_lease interval, p_an_hour bigint, p_a_day bigint, p_code_lifetime interval
)
returns table (
    challenge_id uuid, email text, language text, attempt smallint, place integer, on_page boolean
) language plpgsql as $$
#variable_conflict use_column
declare
    v_due record;
    v_place integer := 0;
begin
    for v_due in
        select h.id, h.email, h.customer_id, h.created_at, h.mail_attempts from link_challenges h
        where h.id = any (array(
            select d.id from link_challenges d
            where d.state = 'open' and d.due_at <= clock_timestamp()
            order by d.due_at limit cardinality(p_salt) for no key update skip locked))
        order by h.email, h.created_at
    loop
        perform pg_advisory_xact_lock(hashtextextended('fte.link ' || v_due.email, 0));
        if not exists (select from customer_identifiers i
                       where i.kind = 'email' and i.value = v_due.email and i.customer_id is distinct from v_due.customer_id)
           or (select count(*) from link_challenges o
               where o.email = v_due.email and o.id <> v_due.id and o.code_hash is not null
                 and o.created_at > now() - interval '1 hour') >= p_an_hour
           or (select count(*) from link_challenges o
               where o.email = v_due.email and o.id <> v_due.id and o.code_hash is not null
                 and o.created_at > now() - interval '1 day') >= p_a_day
        then
            update link_challenges h set due_at = null where h.id = v_due.id;
            continue;
        end if;
        v_place := v_place + 1;
        return query
        update link_challenges h
        set code_salt = p_salt[v_place], code_hash = p_hash[v_place], mail_attempts = h.mail_attempts + 1,
            due_at = clock_timestamp() + p_lease, expires_at = clock_timestamp() + p_code_lifetime
        where h.id = v_due.id
        returning h.id, h.email, coalesce(h.language, (select c.language from conversations c where c.id = h.conversation_id)),
                  h.mail_attempts, v_place, h.conversation_id is null;
    end loop;
end
$$;
