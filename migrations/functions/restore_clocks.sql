-- Lets the clocks of a conversation go on as if its newest reply had not been written: that was taken back.
create or replace function restore_clocks(p_conversation uuid) returns void language plpgsql as $$
#variable_conflict use_column
begin
    update conversation_clocks k
    set responded = k.before_responded, response_since = coalesce(k.before_response_since, k.response_since),
        resolution_since = coalesce(k.before_resolution_since, k.resolution_since),
        worked_open = k.before_worked_open, worked_clock = k.before_worked_clock
    where k.conversation_id = p_conversation and k.before_responded is not null;
    perform time_clocks(p_conversation);
end
$$;
