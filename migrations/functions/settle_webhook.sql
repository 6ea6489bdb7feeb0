-- Records how a try ended: p_pause is the pause before the next one, null after the last one or a success. A late result of
-- an earlier try changes nothing, unless it is a success. p_is_gone: the receiver wants no more, which disables the endpoint.
-- Returns whether it was enabled until now.
create or replace function settle_webhook(
    p_delivery uuid, p_attempt smallint, p_is_delivered boolean, p_status smallint, p_error text, p_pause interval,
    p_is_gone boolean
) returns boolean language plpgsql as $$
#variable_conflict use_column
declare
    v_webhook uuid;
    v_disabled boolean := false;
begin
    update webhook_deliveries d
    set state = case when p_is_delivered then 'delivered' when p_pause is null then 'failed' else 'pending' end,
        status = p_status, error = p_error,
        due_at = coalesce(now() + p_pause, d.due_at),
        ended_at = case when p_is_delivered or p_pause is null then now() end
    where d.id = p_delivery and d.state = 'pending' and (d.attempts = p_attempt or p_is_delivered)
    returning d.webhook_id into v_webhook;
    if not found then
        return false;
    end if;
    if p_is_delivered then
        update webhooks w set failing_since = null where w.id = v_webhook and w.failing_since is not null;
    else
        update webhooks w set failing_since = now() where w.id = v_webhook and w.failing_since is null;
    end if;
    if p_is_gone then
        update webhooks w set disabled_at = now() where w.id = v_webhook and w.disabled_at is null;
        v_disabled := found;
        update webhook_deliveries d
        set state = 'failed', error = 'the endpoint is disabled', ended_at = now()
        where d.webhook_id = v_webhook and d.state = 'pending';
    end if;
    return v_disabled;
end
$$;
