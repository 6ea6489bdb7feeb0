-- Publishes pending replies of the web form on their tickets' pages, once their time has come, and returns them: the
-- commit is the delivery, no provider is asked.
create or replace function show_web_replies(p_limit bigint)
returns table (delivery_id uuid, traceparent text) language sql as $$
    update deliveries d
    set state = 'delivered', requested_at = clock_timestamp(), delivered_at = clock_timestamp(), updated_at = now()
    where d.id = any (array(
        select f.id from deliveries f
        where f.channel = 'web_form' and f.state = 'pending'
          and (f.not_before is null or f.not_before <= clock_timestamp())
        order by f.created_at limit p_limit for update skip locked))
    returning d.id, d.traceparent;
$$;
