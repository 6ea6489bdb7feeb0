    v
    where $2 is not null and v.index_id = (select id from embedding_indexes where model = $3 and serving)
      and v.chunk_id not in (select id from hidden_chunks)
    order by v.embedding <=> $2
    limit 40
), floor as materialized (
    -- how near a section is that has no vector: a little farther than the last of the nearest
    select coalesce(0.9 * min(cosine), 0) as nearness from near
), candidate as materialized (
    select section_id from worded
    union select section_id from spelt
    union select c.section_id from near n join knowledge_chunks c on c.id = n.chunk_id
), piece as (
    -- a heading alone is near to much: text counts more
    select n.section_id, n.weight, row_number() over (partition by n.section_id order by n.weight desc) as place
    from (
        select c.section_id, (1 - (v.embedding <=> $2)) * case c.position when 0 then 0.85 else 1 end as weight
        from candidate f
        join knowledge_chunks c on c.section_id = f.section_id
        join
