-- The fence: takes these conversations away from whoever works on them, so that a turn under way can write nothing
-- more (PROTOCOL.md 4.5). The epoch rises, the unfinished turn ends without an outcome, and its lease is dropped.
-- Every change of who may speak in a conversation calls this; p_status is the new status, null keeps the present one.
-- p_turns is the state of a turn that ends by it. What staff told the bot holds until they have the conversation again.
--
-- The caller has locked the conversations.
create or replace function fence(
    p_conversation uuid[], p_status text default null, p_turns text default 'taken_over'
) returns void language plpgsql as $$
#variable_conflict use_column
begin
    perform end_unfinished_turns(p_conversation, p_turns);
    update conversations c
    set epoch = c.epoch + 1, current_turn = null, lease_owner = null, lease_until = null,
        status = coalesce(p_status, c.status),
        instruction = case when p_status = 'escalated' then null else c.instruction end,
        takeover = null
    where c.id = any (p_conversation);
end
$$;
