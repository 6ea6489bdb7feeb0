-- The best sections for a question ($1), $2 at most. A lexeme weighs as much as it is rare (inverse document
-- frequency); headings count double. A trigram match of the whole title makes up for typing errors.
with question as (
    select lexeme,
           ln(1 + (select count(*) from knowledge_base)::float8
                  / (1 + (select count(*) from knowledge_base k
                          where k.words @@ quote_literal(lexeme)::tsquery))) as rarity
    from unnest(to_tsvector('english', left($1, 2000)))
), total as (
    select greatest(sum(rarity), 0.1) as rarity from question
), scored as (
    select k.id, k.title, k.heading_path, k.content, k.position,
           coalesce((select sum(q.rarity * case
                         when k.words @@ (quote_literal(q.lexeme) || ':A')::tsquery then 1.3
                         when k.words @@ (quote_literal(q.lexeme) || ':B')::tsquery then 1.1
                         else 0.9 end)
                     from question q
                     where k.words @@ quote_literal(q.lexeme)::tsquery), 0)
           / (select rarity from total)
           + 0.3 * strict_word_similarity(k.title, left($1, 500)) as score
    from knowledge_base k
)
select id, title, heading_path, content, least(score, 1.0)::float8 as score
from scored
where score > 0.05
order by scored.score desc, position
limit $2
