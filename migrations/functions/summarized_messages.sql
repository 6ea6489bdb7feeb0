-- The messages of a conversation that its summary may cover: what the customer wrote and what they were told, no notes and
-- nothing that was taken back. Inlined into the caller's statement.
create or replace function summarized_messages(p_conversation uuid)
returns table (id uuid, seq bigint, role text, kind text, content text, created_at timestamptz) language sql stable as $$
    select m.id, m.seq, m.role, m.kind, m.content, m.created_at
    from messages m
    where m.conversation_id = p_conversation and m.seq is not null and m.kind <> 'note'
      and (m.direction = 'inbound' or not is_withdrawn(m.id))
$$;
