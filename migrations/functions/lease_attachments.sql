-- Leases files of a channel that are due, for one try each. A later lease has a higher attempt number, which makes
-- the earlier one void.
create or replace function lease_attachments(p_channel text, p_limit bigint, p_lease interval)
returns table (attachment_id uuid, place smallint, url text, announced_type text, attempt smallint)
language plpgsql as $$
#variable_conflict use_column
begin
    return query
    update attachments a
    set attempts = a.attempts + 1, due_at = clock_timestamp() + p_lease, updated_at = now()
    where a.id = any (array(
        select f.id from attachments f
        where f.channel = p_channel and f.state = 'pending' and f.due_at <= clock_timestamp()
        order by f.due_at limit p_limit for no key update skip locked))
    returning a.id, a.position, a.url, a.announced_type, a.attempts;
end
$$;
