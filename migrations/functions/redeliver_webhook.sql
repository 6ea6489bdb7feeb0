-- Sends an event once more, under the same id, with a new series of tries. One that waits for its next try gets it now.
create or replace function redeliver_webhook(p_delivery uuid, p_actor uuid) returns jsonb language plpgsql as $$
#variable_conflict use_column
declare
    v_delivery webhook_deliveries;
    v_disabled timestamptz;
begin
    select d.* into v_delivery from webhook_deliveries d where d.id = p_delivery for no key update;
    if not found then
        return jsonb_build_object('verdict', 'no_webhook_delivery');
    end if;
    select w.disabled_at into v_disabled from webhooks w where w.id = v_delivery.webhook_id;
    if v_disabled is not null then
        return jsonb_build_object('verdict', 'webhook_disabled');
    end if;
    update webhook_deliveries d
    set state = 'pending', attempts = 0, due_at = now(), status = null, error = null, ended_at = null
    where d.id = p_delivery;
    perform record_audit(p_actor, 'webhook.redelivered', 'webhook_delivery', p_delivery, null);
    return jsonb_build_object('verdict', 'done', 'webhook_delivery_id', p_delivery);
end
$$;
