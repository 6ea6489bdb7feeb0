-- The part of finish_turns that writes the events of the turns at these places of the batch.
create or replace function emit_turns(p_at integer[], p_turn uuid[], p_message uuid[], p_escalation uuid[])
returns void language plpgsql as $$
begin
    perform emit_outbound(array(select p_message[i] from unnest(p_at) i));
    perform emit_escalations(array(select p_escalation[i] from unnest(p_at) i));
    perform emit_dead_letters(array(select p_escalation[i] from unnest(p_at) i));
    perform emit_metrics(array(select p_turn[i] from unnest(p_at) i));
end
$$;
