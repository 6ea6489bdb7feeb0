-- What a turn must know about linking: the newest code of this customer, how many were requested, and which addresses
-- are proved to be theirs.
create or replace function linking_of(p_conversation uuid, p_customer uuid) returns jsonb language sql stable as $$
    select jsonb_build_object(
        'challenge', (
            select jsonb_build_object(
                'id', h.id, 'is_open', h.state = 'open' and h.conversation_id = p_conversation,
                'salt', h.code_salt, 'hash', encode(h.code_hash, 'hex'), 'tries', h.tries,
                'created_at', h.created_at, 'expires_at', h.expires_at)
            from link_challenges h
            where h.customer_id = p_customer and h.created_at > now() - interval '1 day'
            order by h.created_at desc limit 1),
        'asked_hour', (select count(*) from link_challenges h
                       where h.customer_id = p_customer and h.created_at > now() - interval '1 hour'),
        'asked_day', (select count(*) from link_challenges h
                      where h.customer_id = p_customer and h.created_at > now() - interval '1 day'),
        'own', (select coalesce(jsonb_agg(i.value), '[]') from customer_identifiers i
                where i.customer_id = p_customer and i.kind = 'email' and i.attested))
$$;
