-- The best sections for a question ($1), $4 at most: by words, by words that are spelt alike, and by meaning ($2, a
-- vector of model $3; null leaves meaning out), fused by how well they fit; and how near lines of the background corpus
-- are, where they are not of the company's own trade ($5 and $6 say when they are). Costs what the question is long, not
-- what the knowledge is large: each part takes its best from an index and stops.
-- Internal sections are found only if $7.
--
-- Words are looked up one by one (`lateral … offset 0`): left to itself the planner reads whole tables and hashes them. A
-- word is compared twice, not for equality, because the index of trigrams knows equality too and reads all of its entries.
with hidden as materialized (
    select id from knowledge_base where internal and not $7
), asked as materialized (
    -- rarity is null where no section holds the word
    select a.lexeme, t.rarity
    from (
        select lexeme from unnest(to_tsvector('english', left($1, 2000))) order by positions[1] limit 64
    ) a
    left join lateral (
        select k.rarity from knowledge_terms k where k.lexeme >= a.lexeme and k.lexeme <= a.lexeme offset 0
    ) t on true
), rest as materialized (
    -- the rarity of a word that no section holds
    select rarity from knowledge_terms where lexeme >= '' and lexeme <= ''
), size as materialized (
    select count(*) as lexemes from asked
), alike as materialized (
    -- what an unknown word was meant to be; where there are few words, what a known one may have been meant to be
    select a.lexeme as asked, a.rarity is null as unknown, near.lexeme, near.rarity, near.closeness
    from (
        select lexeme, rarity from asked
        where (rarity is null or (select lexemes from size) <= 4) and length(lexeme) between 4 and 24
        limit 8
    ) a
    cross join lateral (
        select t.lexeme, t.rarity, similarity(t.lexeme, a.lexeme) as closeness
        from knowledge_terms t
        where t.lexeme % a.lexeme and t.lexeme <> a.lexeme
        order by t.lexeme <-> a.lexeme, t.lexeme
        limit 4
    ) near
    -- a third of the trigrams is what "product" shares with "protect"
    where near.closeness >= 0.4
), meant_otherwise as materialized (
    -- unknown words that are surely spelt wrong: those of the background corpus are words of another subject
    select asked, max(rarity) as rarity from alike
    where unknown and closeness >= 0.6 and not exists (select from background_postings b where b.lexeme = asked)
    group by asked
), doubt as materialized (
    -- where many words are, the vector of the question is that of other words
    select case when m.lexemes >= 0.2 * s.lexemes then least(0.9, 1.5 * m.lexemes / s.lexemes) else 0 end as share
    from (select count(*) as lexemes from meant_otherwise) m, (select greatest(lexemes, 1) as lexemes from size) s
), total as materialized (
    select greatest(sum(coalesce(a.rarity, m.rarity, (select rarity from rest))), 0.1) as rarity
    from asked a
    left join meant_otherwise m on m.asked = a.lexeme
), unknown as materialized (
    -- the share of the words that no section holds, however they are meant
    select coalesce(sum((select rarity from rest)) / (select rarity from total), 0) as share
    from asked a
    where a.rarity is null and not exists (select from meant_otherwise m where m.asked = a.lexeme)
), other_words as materialized (
    -- the line of the background corpus with the most of the words
    select sum(coalesce(a.rarity, m.rarity, (select rarity from rest))) / (select rarity from total) as share
    from asked a
    cross join lateral (select b.line_id from background_postings b where b.lexeme = a.lexeme offset 0) p
    cross join lateral (select l.held from background_lines l where l.id = p.line_id offset 0) l
    left join meant_otherwise m on m.asked = a.lexeme
    where coalesce(l.held, 0) < $6
    group by p.line_id
    order by share desc
    limit 1
), other_meaning as materialized (
    select max(1 - (b.embedding <=> $2)) as nearness
    from background_vectors b
    where $2 is not null and b.index_id = (select id from embedding_indexes where model = $3 and serving)
      and b.nearness < $5
), worded as materialized (
    select p.section_id, sum(a.rarity * p.weight) as weight, sum(a.rarity) as rarity, count(*) as matches
    from asked a
    cross join lateral (select k.section_id, k.weight from knowledge_postings k where k.lexeme = a.lexeme offset 0) p
    where a.rarity is not null and p.section_id not in (select id from hidden)
    group by p.section_id
    order by weight desc
    limit 20
), spelt as materialized (
    select e.section_id, sum(e.weight) as weight, sum(e.rarity) filter (where e.unknown) as rarity,
           count(*) filter (where e.unknown) as matches
    from (
        select p.section_id, a.asked, a.unknown, max(a.rarity * a.closeness * p.weight) as weight,
               max(a.rarity * a.closeness) as rarity
        from alike a
        cross join lateral (
            select k.section_id, k.weight from knowledge_postings k where k.lexeme = a.lexeme offset 0
        ) p
        where p.section_id not in (select id from hidden)
        group by p.section_id, a.asked, a.unknown
    ) e
    group by e.section_id
    order by weight desc
    limit 20
), hidden_chunks as materialized (
    select c.id from knowledge_chunks c join hidden h on h.id = c.section_id
), near as materialized (
    select v.chunk_id, 1 - (v.embedding <=> $2) as cosine
