-- The share of each background line's words that one section holds, weighted by rarity.
with line as (
    select p.line_id, p.lexeme, coalesce(t.rarity, u.rarity) as rarity
    from background_postings p
    left join knowledge_terms t on t.lexeme = p.lexeme
    left join knowledge_terms u on u.lexeme = ''
), total as (
    select line_id, sum(rarity) as rarity from line group by line_id
), section as (
    select l.line_id, p.section_id, sum(l.rarity) as rarity
    from line l join knowledge_postings p on p.lexeme = l.lexeme
    group by l.line_id, p.section_id
), best as (
    select line_id, max(rarity) as rarity from section group by line_id
)
update background_lines b set held = coalesce(best.rarity / nullif(total.rarity, 0), 0)
from total left join best on best.line_id = total.line_id
where total.line_id = b.id
