    v
    where $2 is not null and v.index_id = (select id from embedding_indexes where model = $3 and serving)
    order by v.embedding <=> $2
    limit 40
), meant as materialized (
    select c.section_id, max(n.cosine) as weight
    from near n join knowledge_chunks c on c.id = n.chunk_id
    group by c.section_id
), place as (
    select section_id, 1.0 / (60 + row_number() over (order by weight desc, section_id)) as share from worded
    union all
    select section_id, 0.5 / (60 + row_number() over (order by weight desc, section_id)) from spelt
    union all
    select section_id, 1.5 / (60 + row_number() over (order by weight desc, section_id)) from meant
), fused as materialized (
    select section_id, sum(share) as share from place group by section_id order by share desc, section_id limit $4
)
select k.id, k.title, k.heading_path, k.content, f.share::float8,
       ((coalesce(w.weight, 0) + coalesce(s.weight, 0)) / (select rarity from total))::float8 as words,
       m.weight::float8 as cosine,
       exists (select from near) as hybrid
from fused f
join knowledge_base k on k.id = f.section_id
left join worded w on w.section_id = f.section_id
left join spelt s on s.section_id = f.section_id
left join meant m on m.section_id = f.section_id
order by f.share desc, k.id
