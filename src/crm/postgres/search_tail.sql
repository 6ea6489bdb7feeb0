    v
    where $2 is not null and v.index_id = (select id from embedding_indexes where model = $3 and serving)
      and v.chunk_id not in (select id from hidden_chunks)
    order by v.embedding <=> $2
    limit 40
), floor as materialized (
    -- how near a section is that is not among the nearest: a little farther than the last of them
    select coalesce(0.9 * min(cosine), 0) as nearness from near
), piece as (
    -- a heading alone is near to much: text counts more
    select n.section_id, n.weight, row_number() over (partition by n.section_id order by n.weight desc) as place
    from (
        select c.section_id, n.cosine * case c.position when 0 then 0.85 else 1 end as weight
        from near n join knowledge_chunks c on c.id = n.chunk_id
    ) n
), meant as materialized (
    -- the nearest piece leads, the one after it has a say: a section is about what more than one of its pieces says
    select section_id, max(weight) as weight,
           0.7 * max(weight) + 0.3 * coalesce(max(weight) filter (where place = 2), (select nearness from floor))
               as nearness
    from piece
    group by section_id
), fused as materialized (
    -- shares of words and cosines stand side by side as they are: a rank would hide how much better the first one is
    select f.section_id,
           (1 - d.share) * coalesce(m.nearness, (select nearness from floor))
           + 0.2 * coalesce(w.weight, 0) / t.rarity
           + (0.2 + 0.5 * d.share) * coalesce(s.weight, 0) / t.rarity as share
    from (select section_id from worded union select section_id from spelt union select section_id from meant) f
    cross join doubt d
    cross join total t
    left join worded w on w.section_id = f.section_id
    left join spelt s on s.section_id = f.section_id
    left join meant m on m.section_id = f.section_id
    order by share desc, f.section_id
    limit $4
)
select k.id, k.title, k.heading_path, k.content, f.share::float8,
       ((coalesce(w.weight, 0) + coalesce(s.weight, 0)) / (select rarity from total))::float8 as words,
       m.weight::float8 as cosine,
       (select share > 0 from doubt) as misspelt,
       exists (select from near) as hybrid
from fused f
join knowledge_base k on k.id = f.section_id
left join worded w on w.section_id = f.section_id
left join spelt s on s.section_id = f.section_id
left join meant m on m.section_id = f.section_id
order by f.share desc, k.id
