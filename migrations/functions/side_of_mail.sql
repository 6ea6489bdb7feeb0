-- The side conversation that a mail belongs to, because it answers one of its messages, or reports on one: by ids that
-- only their recipients know. Whoever wrote it, it must not become a customer's message, because it may quote the side
-- conversation.
create or replace function side_of_mail(p_extras jsonb) returns uuid language sql stable as $$
    select m.side_id
    from (select jsonb_array_elements_text(p_extras -> 'metadata' -> 'mail' -> 'references') as id
          union all
          select '<fte.' || (r.report ->> 'delivery') || '@report>'
          from jsonb_array_elements(p_extras -> 'email' -> 'reports') r (report)) n
    join side_messages m
      on m.id = substring(n.id from
             '^<fte\.([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})@')::uuid
         or m.rfc_message_id = n.id
    limit 1
$$;
