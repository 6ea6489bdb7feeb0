-- Hits of the console's search: a ticket's number, then the newest p_hits of each kind, and the best articles. p_pattern
-- is null where the words are too short for one.
--
-- Subjects, names and addresses are looked for among the newest p_newest first, and only if these have too few hits
-- among all, by trigrams: a part that half of them have would otherwise be collected from all of them. Of more than p_read
-- matches of a kind, p_read are read.
create or replace function search_desk(
    p_words text, p_pattern text, p_number bigint, p_hits bigint, p_newest bigint, p_read bigint
) returns table (
    place integer, kind text, id text, conversation_id uuid, number bigint, title text, snippet text, at timestamptz
) language sql stable set enable_seqscan = off as $$
    with new_tickets as materialized (
        select f.* from (select k.* from tickets k order by k.number desc limit p_newest) f
        where f.subject ilike p_pattern and f.number is distinct from p_number
        order by f.number desc limit p_hits
    ), found_tickets as (
        select n.* from new_tickets n
        union
        select t.*
        from (select s.ticket_id from ticket_subjects s
              where s.subject ilike p_pattern and (select count(*) from new_tickets) < p_hits limit p_read) s
        join tickets t on t.id = s.ticket_id
        where t.number is distinct from p_number
    ), new_names as materialized (
        select f.id from (select u.id, u.name, u.created_at from customers u order by u.created_at desc limit p_newest) f
        where f.name ilike p_pattern order by f.created_at desc limit p_hits
    ), new_addresses as materialized (
        select f.customer_id
        from (select i.customer_id, i.value, i.created_at from customer_identifiers i
              order by i.created_at desc limit p_newest) f
        where f.value ilike p_pattern order by f.created_at desc limit p_hits
    ), found_customers as (
        select n.id from new_names n
        union
        select n.customer_id from new_addresses n
        union
        (select f.id
         from (select u.id, u.created_at from customers u
               where u.name ilike p_pattern and (select count(*) from new_names) < p_hits limit p_read) f
         order by f.created_at desc limit p_hits)
        union
        (select f.customer_id
         from (select i.customer_id, i.created_at from customer_identifiers i
               where i.value ilike p_pattern and (select count(*) from new_addresses) < p_hits limit p_read) f
         order by f.created_at desc limit p_hits)
    )
    (select 1, 'conversation', t.conversation_id::text, t.conversation_id, t.number, t.subject, u.name,
            t.created_at
     from tickets t join conversations c on c.id = t.conversation_id join customers u on u.id = c.customer_id
     where t.number = p_number)
    union all
    (select 2, 'conversation', t.conversation_id::text, t.conversation_id, t.number, t.subject, u.name, t.created_at
     from (select f.* from found_tickets f order by f.number desc limit p_hits) t
     join conversations c on c.id = t.conversation_id join customers u on u.id = c.customer_id)
    union all
    (select 3, 'customer', u.id::text, null, null, u.name,
            coalesce((select string_agg(i.value, ', ' order by i.value) from customer_identifiers i
                      where i.customer_id = u.id), ''), u.created_at
     from customers u where u.id in (select f.id from found_customers f)
     order by u.created_at desc limit p_hits)
    union all
    (select 4, 'message', m.id::text, m.conversation_id, t.number, t.subject,
            ts_headline('simple', left(m.content, 2000), plainto_tsquery('simple', p_words),
                        'StartSel="", StopSel="", MaxFragments=1, MaxWords=30, MinWords=10'), m.created_at
     from newest_messages(p_words, p_hits, p_read) m
     cross join lateral current_ticket(m.conversation_id) t)
    union all
    (select 5, 'article', k.id, null, null, k.title, left(k.content, 200), k.updated_at
     from knowledge_base k where k.words @@ plainto_tsquery('english', p_words)
     order by ts_rank(k.words, plainto_tsquery('english', p_words)) desc, k.id limit p_hits)
$$;
