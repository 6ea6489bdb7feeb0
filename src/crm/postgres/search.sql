-- The best sections for a question ($1), $2 at most. A lexeme weighs as much as it is rare among the sections
-- (inverse document frequency), more in a heading than in the text. Where that finds nothing certain, trigrams of
-- the titles make up for typing errors; they cost a look at every title, so not otherwise.
with question as materialized (
    select lexeme,
           quote_literal(lexeme)::tsquery as anywhere,
           (quote_literal(lexeme) || ':A')::tsquery as in_title,
           (quote_literal(lexeme) || ':B')::tsquery as in_path
    from unnest(to_tsvector('english', left($1, 2000)))
), hit as materialized (
    select q.lexeme, k.id,
           case when k.words @@ q.in_title then 1.3 when k.words @@ q.in_path then 1.1 else 0.9 end as weight,
           count(*) over (partition by q.lexeme) as sections
    from question q join knowledge_base k on k.words @@ q.anywhere
), size as materialized (
    select count(*)::float8 as sections from knowledge_base
), rarity as materialized (
    select q.lexeme, ln(1 + (select sections from size)
                            / (1 + coalesce((select h.sections from hit h where h.lexeme = q.lexeme limit 1), 0)))
                     as value
    from question q
), scored as materialized (
    select h.id, sum(r.value * h.weight) / greatest((select sum(value) from rarity), 0.1) as score
    from hit h join rarity r on r.lexeme = h.lexeme
    group by h.id
    order by score desc
    limit 20
), alike as materialized (
    select k.id, 0.3 * strict_word_similarity(k.title, left($1, 200)) as score
    from knowledge_base k
    where (select coalesce(max(score), 0) from scored) < 0.45
), best as (
    select id, sum(score) as score
    from (select id, score from scored union all select id, score from alike) every
    group by id
)
select k.id, k.title, k.heading_path, k.content, least(b.score, 1.0)::float8 as score
from best b join knowledge_base k on k.id = b.id
where b.score > 0.05
order by b.score desc, k.position
limit $2
