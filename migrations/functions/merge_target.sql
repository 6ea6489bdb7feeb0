-- The conversation in which a merged one goes on, over all merges; an unmerged one goes on in itself. It stays within
-- its customer.
create or replace function merge_target(p_conversation uuid) returns uuid language sql stable as $$
    with recursive chain as (
        select c.id, c.merged_into, c.customer_id, 1 as place from conversations c where c.id = p_conversation
        union all
        select c.id, c.merged_into, c.customer_id, l.place + 1
        from chain l join conversations c on c.id = l.merged_into and c.customer_id = l.customer_id
        where l.place < 100
    )
    select l.id from chain l order by l.place desc limit 1
$$;
