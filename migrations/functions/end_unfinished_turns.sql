-- Ends the turns that these locked conversations have begun and not finished: without an outcome, since they wrote
-- nothing. p_state says why.
create or replace function end_unfinished_turns(p_conversation uuid[], p_state text) returns void
language plpgsql as $$
#variable_conflict use_column
declare
    v_unfinished uuid[];
begin
    v_unfinished := array(
        select c.current_turn from conversations c where c.id = any (p_conversation) and c.current_turn is not null);
    if cardinality(v_unfinished) > 0 then
        update turns t set ended_at = now(), state = p_state where t.id = any (v_unfinished) and t.ended_at is null;
    end if;
end
$$;
