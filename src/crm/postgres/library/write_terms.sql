-- How rare each lexeme is among the sections; written only where it has changed.
with size as (
    select count(*)::float8 as sections from knowledge_base
), now_so as (
    select p.lexeme, ln(1 + s.sections / (1 + count(*)))::real as rarity
    from knowledge_postings p cross join size s
    group by p.lexeme, s.sections
    union all
    select '', ln(1 + s.sections)::real from size s
), gone as (
    delete from knowledge_terms t where not exists (select from now_so n where n.lexeme = t.lexeme)
)
insert into knowledge_terms (lexeme, rarity)
select lexeme, rarity from now_so
on conflict (lexeme) do update set rarity = excluded.rarity where knowledge_terms.rarity <> excluded.rarity
