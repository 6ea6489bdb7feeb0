-- The external id of each inquiry, or that of the same mail where it is stored already or stands earlier in the batch:
-- a mail that came to two mailboxes of ours, or twice, is one message. Two mails are the same if they have the same
-- Message-ID and the same fingerprint, which covers sender, date, subject and text: a Message-ID alone may be reused.
create or replace function first_externals(p_external text[], p_fingerprint bytea[], p_extras jsonb[])
returns text[] language sql stable as $$
    select array(
        select coalesce(
            (select m.external_id from message_emails e join messages m on m.id = e.message_id
             where e.rfc_message_id = i.extras -> 'email' ->> 'rfc_message_id' and e.fingerprint = i.fingerprint
               and not e.is_copy limit 1),
            (select f.external
             from unnest(p_external, p_fingerprint, p_extras) with ordinality f (external, fingerprint, extras, ord)
             where f.extras -> 'email' ->> 'rfc_message_id' = i.extras -> 'email' ->> 'rfc_message_id'
               and f.fingerprint = i.fingerprint order by f.ord limit 1),
            i.external)
        from unnest(p_external, p_fingerprint, p_extras) with ordinality i (external, fingerprint, extras, ord)
        order by i.ord)
$$;
