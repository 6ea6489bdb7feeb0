-- Publishes pending replies of the web form on their tickets' pages: the commit is the delivery, no provider is
-- asked.
create or replace function publish_web_replies(p_limit bigint) returns bigint language plpgsql as $$
declare
    v_count bigint;
begin
    update deliveries d set state = 'delivered', updated_at = now()
    where d.id = any (array(
        select f.id from deliveries f where f.channel = 'web_form' and f.state = 'pending'
        order by f.created_at limit p_limit for update skip locked));
    get diagnostics v_count = row_count;
    return v_count;
end
$$;
