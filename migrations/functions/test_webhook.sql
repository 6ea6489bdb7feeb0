-- Writes an event for one endpoint by which its receiver can be tried out.
create or replace function test_webhook(p_webhook uuid, p_actor uuid) returns jsonb language plpgsql as $$
#variable_conflict use_column
declare
    v_disabled timestamptz;
    v_delivery uuid;
begin
    select w.disabled_at into v_disabled from webhooks w where w.id = p_webhook for key share;
    if not found then
        return jsonb_build_object('verdict', 'no_webhook');
    elsif v_disabled is not null then
        return jsonb_build_object('verdict', 'webhook_disabled');
    end if;
    insert into webhook_deliveries (webhook_id, type, data)
    values (p_webhook, 'webhook.test', jsonb_build_object('webhook_id', p_webhook))
    returning id into v_delivery;
    perform record_audit(p_actor, 'webhook.tested', 'webhook', p_webhook, null);
    return jsonb_build_object('verdict', 'done', 'webhook_delivery_id', v_delivery);
end
$$;
