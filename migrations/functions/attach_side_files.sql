-- Attaches files that an account has uploaded to its new message of a side conversation. False where one of them is not its
-- own or belongs to a message already, or where they are too large together; then the caller refuses.
create or replace function attach_side_files(p_message uuid, p_actor uuid, p_files uuid[], p_max_bytes bigint)
returns boolean language sql as $$
    with attached as (
        update side_files f set message_id = p_message, position = p.place
        from unnest(p_files) with ordinality p (id, place)
        where f.id = p.id and f.staff_id = p_actor and f.message_id is null
        returning f.size_bytes
    )
    select count(*) = cardinality(p_files) and coalesce(sum(a.size_bytes), 0) <= p_max_bytes from attached a
$$;
