-- The part of finish_turns for linking: what a turn made of codes that were typed and of addresses that were named. What
-- was typed as a code is made unreadable in the records, as it is made unreadable to models.
create or replace function settle_links(p_ok uuid[], p_conversation uuid[], p_turn uuid[], p_link jsonb[])
returns void language plpgsql as $$
#variable_conflict use_column
declare
    v_link record;
    v_code text;
begin
    for v_link in
        select l.conversation, l.turn, l.link
        from unnest(p_conversation, p_turn, p_link) l (conversation, turn, link)
        where l.link is not null and l.conversation = any (p_ok)
        order by l.conversation
    loop
        update turns t set link = v_link.link ->> 'said' where t.id = v_link.turn;

        for v_code in select jsonb_array_elements_text(v_link.link -> 'codes') loop
            update messages m set content = replace(m.content, v_code, '******')
            where m.conversation_id = v_link.conversation and m.direction = 'inbound' and m.answered_by = v_link.turn;
        end loop;

        if v_link.link -> 'change' ->> 'kind' = 'ask' then
            update link_challenges h set state = 'replaced', due_at = null
            where h.conversation_id = v_link.conversation and h.state = 'open';
            insert into link_challenges (id, conversation_id, customer_id, email)
            select (v_link.link -> 'change' ->> 'challenge')::uuid, c.id, c.customer_id,
                   v_link.link -> 'change' ->> 'email'
            from conversations c where c.id = v_link.conversation;
        elsif v_link.link -> 'change' ->> 'kind' = 'try' then
            update link_challenges h
            set tries = (v_link.link -> 'change' ->> 'tries')::smallint,
                state = case when (v_link.link -> 'change' ->> 'is_right')::boolean then 'proved'
                             when (v_link.link -> 'change' ->> 'tries')::smallint >= 5 then 'spent'
                             else 'open' end,
                due_at = case when (v_link.link -> 'change' ->> 'is_right')::boolean then clock_timestamp()
                              when (v_link.link -> 'change' ->> 'tries')::smallint >= 5 then null
                              else h.due_at end
            where h.id = (v_link.link -> 'change' ->> 'challenge')::uuid
              and h.conversation_id = v_link.conversation and h.state = 'open';
        end if;
    end loop;
end
$$;

-- What a turn must know of linking: the newest code of this customer, how many were asked for, and which addresses are
-- proved to be theirs.
create or replace function linking_of(p_conversation uuid, p_customer uuid) returns jsonb language sql stable as $$
    select jsonb_build_object(
        'challenge', (
            select jsonb_build_object(
                'id', h.id, 'is_open', h.state = 'open' and h.conversation_id = p_conversation,
                'salt', h.code_salt, 'hash', encode(h.code_hash, 'hex'), 'tries', h.tries,
                'created_at', h.created_at, 'expires_at', h.expires_at)
            from link_challenges h
            where h.customer_id = p_customer and h.created_at > now() - interval '24 hours'
            order by h.created_at desc limit 1),
        'asked_hour', (select count(*) from link_challenges h
                       where h.customer_id = p_customer and h.created_at > now() - interval '1 hour'),
        'asked_day', (select count(*) from link_challenges h
                      where h.customer_id = p_customer and h.created_at > now() - interval '24 hours'),
        'own', (select coalesce(jsonb_agg(i.value), '[]') from customer_identifiers i
                where i.customer_id = p_customer and i.kind = 'email' and i.attested))
$$;
