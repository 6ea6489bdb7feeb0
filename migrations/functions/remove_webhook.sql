-- Removes an endpoint with what was sent to it, and what was still to be sent.
create or replace function remove_webhook(p_webhook uuid, p_actor uuid) returns jsonb language plpgsql as $$
#variable_conflict use_column
begin
    delete from webhooks w where w.id = p_webhook;
    if not found then
        return jsonb_build_object('verdict', 'no_webhook');
    end if;
    delete from webhook_deliveries d where d.webhook_id = p_webhook;
    perform record_audit(p_actor, 'webhook.removed', 'webhook', p_webhook, null);
    return jsonb_build_object('verdict', 'done', 'webhook_id', p_webhook);
end
$$;
