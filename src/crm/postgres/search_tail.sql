    v on v.chunk_id = c.id and v.index_id = (select id from embedding_indexes where model = $3 and serving)
        where $2 is not null
    ) n
), meant as materialized (
    -- the nearest piece leads, the one after it has a say: a section is about what more than one of its pieces says
    select section_id, max(weight) as weight,
           0.7 * max(weight)
           + 0.3 * greatest(max(weight) filter (where place = 2), (select nearness from floor)) as nearness
    from piece
    group by section_id
), fused as materialized (
    -- shares of words and cosines stand side by side as they are: a rank would hide how much better the first one is
    select f.section_id,
           (1 - d.share) * coalesce(m.nearness, (select nearness from floor))
           + 0.2 * coalesce(w.weight, 0) / t.rarity
           + (0.2 + 0.5 * d.share) * coalesce(s.weight, 0) / t.rarity as share
    from candidate f
    cross join doubt d
    cross join total t
    left join worded w on w.section_id = f.section_id
    left join spelt s on s.section_id = f.section_id
    left join meant m on m.section_id = f.section_id
    order by share desc, f.section_id
    limit $4
)
select k.id, k.title, k.heading_path, k.content, f.share::float8,
       ((coalesce(w.weight, 0) + coalesce(s.weight, 0)) / t.rarity)::float8 as words,
       least(1, (coalesce(w.rarity, 0) + coalesce(s.rarity, 0)) / t.rarity)::float8 as held,
       coalesce(w.matches, 0) + coalesce(s.matches, 0) as matches,
       (select share from unknown)::float8 as unknown,
       m.weight::float8 as cosine,
       (select nearness from other_meaning)::float8 as elsewhere,
       coalesce((select share from other_words), 0)::float8 as held_elsewhere,
       (select share > 0 from doubt) as misspelt,
       exists (select from near) as hybrid
from fused f
join knowledge_base k on k.id = f.section_id
cross join total t
left join worded w on w.section_id = f.section_id
left join spelt s on s.section_id = f.section_id
left join meant m on m.section_id = f.section_id
order by f.share desc, k.id
