-- Records steps of running turns; a turn whose epoch is no longer its conversation's records nothing. Returns the
-- turns that recorded. p_step holds one step an entry, in the order of its turn.
--
-- What model calls cost is added up for the conversation and for the day; a step that was recorded before is not
-- counted again. The day's row comes last in the order of locks.
create or replace function record_steps(p_conversation uuid[], p_turn uuid[], p_epoch bigint[], p_number integer[],
                             p_kind text[], p_step jsonb[])
returns setof uuid language plpgsql as $$
#variable_conflict use_column
declare
    v_held uuid[];
    v_fresh uuid[];
    v_tokens bigint[];
    v_cost bigint[];
begin
    perform from conversations c where c.id = any (p_conversation) order by c.id for no key update;

    v_held := array(
        select c.current_turn from conversations c
        where c.id = any (p_conversation) and c.status = 'active'
          and c.epoch = p_epoch[array_position(p_conversation, c.id)]
          and c.current_turn = p_turn[array_position(p_conversation, c.id)]);

    with fresh as (
        insert into turn_steps (turn_id, number, kind, content)
        select s.turn, s.number, s.kind, s.step
        from unnest(p_turn, p_number, p_kind, p_step) s (turn, number, kind, step)
        where s.turn = any (v_held)
        on conflict (turn_id, number) do nothing
        returning turn_id, kind, content
    ), spent as (
        select f.turn_id,
               coalesce((f.content #>> '{said,usage,tokens_in}')::bigint, 0)
               + coalesce((f.content #>> '{said,usage,tokens_out}')::bigint, 0) as tokens,
               coalesce((f.content #>> '{said,usage,cost_micros}')::bigint, 0) as cost
        from fresh f where f.kind = 'modelled'
    )
    select array_agg(p_conversation[array_position(p_turn, s.turn_id)]), array_agg(s.tokens), array_agg(s.cost)
    into v_fresh, v_tokens, v_cost
    from spent s where s.tokens > 0 or s.cost > 0;

    if v_fresh is not null then
        update conversations c
        set tokens_used = c.tokens_used + (select sum(s.tokens)::bigint from unnest(v_fresh, v_tokens) s (id, tokens)
                                           where s.id = c.id),
            cost_micros = c.cost_micros + (select sum(s.cost)::bigint from unnest(v_fresh, v_cost) s (id, cost)
                                           where s.id = c.id)
        where c.id = any (v_fresh);

        insert into model_spend as d (day, tokens, cost_micros)
        select (now() at time zone 'utc')::date, (select sum(t) from unnest(v_tokens) t)::bigint,
               (select sum(c) from unnest(v_cost) c)::bigint
        on conflict (day) do update
        set tokens = d.tokens + excluded.tokens, cost_micros = d.cost_micros + excluded.cost_micros;
    end if;

    return query select unnest(v_held);
end
$$;
