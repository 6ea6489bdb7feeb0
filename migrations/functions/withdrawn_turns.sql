-- The turns whose replies this transaction has withdrawn from a conversation.
create or replace function withdrawn_turns(p_conversation uuid) returns uuid[] language sql stable as $$
    select array(
        select distinct m.turn_id from deliveries d join messages m on m.id = d.message_id
        where d.conversation_id = p_conversation and d.state = 'withdrawn' and d.updated_at = now()
          and m.role = 'agent' and m.turn_id is distinct from null)
$$;
