-- Writes the sections of file $1, and from their words the postings. A lexeme in a heading says more about a section
-- than one in its text, and one that comes often a little more than one that comes once.
with section as (
    insert into knowledge_base (id, file, position, title, heading_path, content, content_hash, words)
    select s.id, $1, s.position, s.title, s.path, s.content, s.hash,
           setweight(to_tsvector('english', s.title), 'A') || setweight(to_tsvector('english', s.path), 'B')
           || setweight(to_tsvector('english', s.content), 'D')
    from unnest($2::text[], $3::int[], $4::text[], $5::text[], $6::text[], $7::bytea[])
         s (id, position, title, path, content, hash)
    returning id, words
)
insert into knowledge_postings (lexeme, section_id, weight)
select w.lexeme, s.id,
       case when 'A' = any (w.weights) then 1.3 when 'B' = any (w.weights) then 1.1 else 0.9 end
       + 0.15 * least(3, cardinality(array_positions(w.weights, 'D')))
from section s cross join lateral unnest(s.words) w (lexeme, positions, weights)
