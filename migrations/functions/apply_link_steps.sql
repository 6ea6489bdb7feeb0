-- The part of finish_turns for linking: what a turn decided about typed codes and asserted addresses. Codes are
-- masked in the stored messages, as they are masked for models.
create or replace function apply_link_steps(
    p_ok uuid[], p_conversation uuid[], p_turn uuid[], p_link jsonb[], p_code_lifetime interval
)
returns void language plpgsql as $$
#variable_conflict use_column
declare
    v_link record;
    v_code text;
begin
    for v_link in
        select l.conversation, l.turn, l.link, l.link -> 'change' as change
        from unnest(p_conversation, p_turn, p_link) l (conversation, turn, link)
        where l.link is not null and l.conversation = any (p_ok)
        order by l.conversation
    loop
        update turns t set link = v_link.link ->> 'said' where t.id = v_link.turn;

        for v_code in select jsonb_array_elements_text(v_link.link -> 'codes') loop
            update messages m set content = replace(m.content, v_code, '******')
            where m.conversation_id = v_link.conversation and m.direction = 'inbound' and m.answered_by = v_link.turn;
        end loop;

        if v_link.change ->> 'kind' = 'ask' then
            update link_challenges h set state = 'replaced', due_at = null
            where h.conversation_id = v_link.conversation and h.state = 'open';
            insert into link_challenges (id, conversation_id, customer_id, email, state, expires_at)
            select (v_link.change ->> 'challenge')::uuid, c.id, c.customer_id, v_link.change ->> 'email',
                   v_link.change ->> 'state', now() + p_code_lifetime
            from conversations c where c.id = v_link.conversation;
        elsif v_link.change ->> 'kind' = 'try' then
            update link_challenges h
            set tries = (v_link.change ->> 'tries')::smallint,
                state = v_link.change ->> 'state',
                due_at = case v_link.change ->> 'state'
                             when 'proved' then clock_timestamp()
                             when 'open' then h.due_at end
            where h.id = (v_link.change ->> 'challenge')::uuid
              and h.conversation_id = v_link.conversation and h.state = 'open';
        end if;
    end loop;
end
$$;
