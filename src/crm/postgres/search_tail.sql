    v
    where $2 is not null and v.index_id = (select id from embedding_indexes where model = $3 and serving)
    order by v.embedding <=> $2
    limit 40
), meant as materialized (
    -- headings alone are near to much: a piece of text counts a little more
    select c.section_id, max(n.cosine * case c.position when 0 then 0.9 else 1 end) as weight
    from near n join knowledge_chunks c on c.id = n.chunk_id
    group by c.section_id
), place as (
    select section_id, 0.65 / (8 + row_number() over (order by weight desc, section_id)) as share from worded
    union all
    select section_id, (0.1 + 1.5 * d.share) / (8 + row_number() over (order by weight desc, section_id))
    from spelt cross join doubt d
    union all
    select section_id, (1 - d.share) / (8 + row_number() over (order by weight desc, section_id))
    from meant cross join doubt d
), fused as materialized (
    select section_id, sum(share) as share from place group by section_id order by share desc, section_id limit $4
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
