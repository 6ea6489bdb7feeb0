-- Records steps of running turns; a turn whose epoch is no longer its conversation's records nothing.
-- Returns the turns that recorded. p_step holds one step an entry, in the order of its turn.
create or replace function record_steps(p_conversation uuid[], p_turn uuid[], p_epoch bigint[], p_number integer[],
                             p_kind text[], p_step jsonb[])
returns setof uuid language plpgsql as $$
#variable_conflict use_column
declare
    v_held uuid[];
begin
    perform from conversations c where c.id = any (p_conversation) order by c.id for no key update;

    v_held := array(
        select c.current_turn from conversations c
        where c.id = any (p_conversation) and c.status = 'active'
          and c.epoch = p_epoch[array_position(p_conversation, c.id)]
          and c.current_turn = p_turn[array_position(p_conversation, c.id)]);

    insert into turn_steps (turn_id, number, kind, content)
    select s.turn, s.number, s.kind, s.step
    from unnest(p_turn, p_number, p_kind, p_step) s (turn, number, kind, step)
    where s.turn = any (v_held)
    on conflict (turn_id, number) do nothing;

    return query select unnest(v_held);
end
$$;
