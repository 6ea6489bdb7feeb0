-- The replies of accounts in a conversation that customers got: no notes, none that were withdrawn or failed everywhere.
-- Inlined into the caller's statement.
create or replace function agent_replies(p_conversation uuid) returns table (staff_id uuid, seq bigint, created_at timestamptz)
language sql stable as $$
    select s.staff_id, m.seq, m.created_at
    from messages m join staff_messages s on s.message_id = m.id
    where m.conversation_id = p_conversation and m.direction = 'outbound' and m.kind = 'message' and m.seq is not null
      and not coalesce((select bool_and(d.state in ('withdrawn', 'failed')) from deliveries d
                        where d.message_id = m.id), false)
$$;
