-- Gives an endpoint a new secret. The one before it signs too for p_overlap; an even older one does not any more.
create or replace function rotate_webhook(p_webhook uuid, p_actor uuid, p_secret bytea, p_overlap interval)
returns jsonb language plpgsql as $$
#variable_conflict use_column
begin
    update webhooks w
    set old_secret = w.secret, old_secret_until = now() + p_overlap, secret = p_secret
    where w.id = p_webhook;
    if not found then
        return jsonb_build_object('verdict', 'no_webhook');
    end if;
    perform record_audit(p_actor, 'webhook.rotated', 'webhook', p_webhook, null);
    return jsonb_build_object('verdict', 'done', 'webhook_id', p_webhook);
end
$$;
