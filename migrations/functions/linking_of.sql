-- What a turn must know about linking: the newest code that this customer requested in a chat, how many were requested
-- there, and which addresses are proved to be theirs.
create or replace function linking_of(p_conversation uuid, p_customer uuid) returns jsonb language sql stable as $$
    with asked as (
        select h.* from link_challenges h
        where h.customer_id = p_customer and h.conversation_id is not null
          and h.created_at > now() - interval '1 day')
    select jsonb_build_object(
        'challenge', (
            select jsonb_build_object(
                'id', h.id, 'is_open', h.state = 'open' and h.conversation_id = p_conversation,
                'salt', h.code_salt, 'hash', encode(h.code_hash, 'hex'), 'tries', h.tries,
                'created_at', h.created_at, 'expires_at', h.expires_at)
            from asked h order by h.created_at desc limit 1),
        'asked_hour', (select count(*) from asked h where h.created_at > now() - interval '1 hour'),
        'asked_day', (select count(*) from asked h),
        'own', (select coalesce(jsonb_agg(i.value), '[]') from customer_identifiers i
                where i.customer_id = p_customer and i.kind = 'email' and i.attested))
$$;
