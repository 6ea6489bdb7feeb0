-- Puts abandoned conversations back into the outbox: they wait for the agent and nobody works on them, with no live
-- lease and no outbox row. swept_at keeps other processes from putting back the same ones. Returns the number of
-- conversations.
create or replace function sweep(p_idle_for interval, p_again_after interval, p_limit bigint) returns bigint
language plpgsql as $$
#variable_conflict use_column
declare
    v_due uuid[];
begin
    -- Where the outbox is long, abandoned conversations would have to wait behind it anyway.
    if (select count(*) from (select from outbox where parked_reason is null limit 1000) o) = 1000 then
        return 0;
    end if;
    v_due := array(
        select c.id from conversations c
        where c.status = 'active' and c.answered_through < c.last_inbound
          and c.last_message_at <= now() - p_idle_for
          and (c.lease_until is null or c.lease_until < now())
          and (c.swept_at is null or c.swept_at <= now() - p_again_after)
          and not exists (select from outbox o where o.key = c.id)
        order by c.last_message_at limit p_limit for no key update skip locked);
    return requeue_conversations(v_due);
end
$$;
