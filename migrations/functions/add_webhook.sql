-- Adds an endpoint, unless there are p_max already. Answers as an action of staff; the answer holds no secret.
create or replace function add_webhook(
    p_webhook uuid, p_actor uuid, p_url text, p_types text[], p_secret bytea, p_max bigint
) returns jsonb language plpgsql as $$
#variable_conflict use_column
begin
    perform pg_advisory_xact_lock(hashtextextended('fte.webhooks', 0));
    if (select count(*) from webhooks) >= p_max then
        return jsonb_build_object('verdict', 'too_many_webhooks');
    end if;
    insert into webhooks (id, url, types, secret, staff_id) values (p_webhook, p_url, p_types, p_secret, p_actor);
    perform record_audit(p_actor, 'webhook.added', 'webhook', p_webhook, null);
    return jsonb_build_object('verdict', 'done', 'webhook_id', p_webhook);
end
$$;
