-- Publishes pending replies of the web form on their tickets' pages, once their time has come: those of staff, and what was
-- written outside of a turn. The commit is the delivery, no provider is asked. A turn publishes its own (write_replies).
create or replace function publish_web_replies(p_limit bigint) returns bigint language plpgsql as $$
declare
    v_count bigint;
begin
    update deliveries d
    set state = 'delivered', requested_at = clock_timestamp(), delivered_at = clock_timestamp(), updated_at = now()
    where d.id = any (array(
        select f.id from deliveries f
        where f.channel = 'web_form' and f.state = 'pending'
          and (f.not_before is null or f.not_before <= clock_timestamp())
        order by f.created_at limit p_limit for update skip locked));
    get diagnostics v_count = row_count;
    return v_count;
end
$$;
