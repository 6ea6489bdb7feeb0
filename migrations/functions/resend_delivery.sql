-- Sends a failed part of a message once more, to the same address or to another one of the same customer. The failed one
-- stays as it is, and the message is as far as the new one.
create or replace function resend_delivery(p_delivery uuid, p_actor uuid, p_new uuid, p_to text) returns jsonb
language plpgsql as $$
#variable_conflict use_column
declare
    v_delivery deliveries;
    v_kind text;
begin
    select d.* into v_delivery from deliveries d where d.id = p_delivery;
    if not found then
        return jsonb_build_object('verdict', 'no_delivery');
    end if;
    perform lock_conversation(v_delivery.conversation_id);
    select d.* into v_delivery from deliveries d where d.id = p_delivery for no key update;
    if v_delivery.state <> 'failed' or v_delivery.resent_as is not null then
        return jsonb_build_object('verdict', 'not_failed');
    end if;
    if p_to is not null then
        select i.kind into v_kind
        from customer_identifiers i join conversations c on c.customer_id = i.customer_id
        where c.id = v_delivery.conversation_id and i.value = p_to
          and case v_delivery.channel
                  when 'whatsapp' then i.kind in ('phone', 'provider_user')
                  when 'email' then i.kind = 'email'
                  else false
              end;
        if not found then
            return jsonb_build_object('verdict', 'not_theirs');
        end if;
    end if;
    insert into deliveries (id, message_id, part, conversation_id, channel, body, recipients, to_kind, to_value)
    select p_new, v_delivery.message_id, max(d.part) + 1, v_delivery.conversation_id, v_delivery.channel,
           v_delivery.body, v_delivery.recipients, coalesce(v_kind, v_delivery.to_kind),
           case when v_kind is null then v_delivery.to_value else p_to end
    from deliveries d where d.message_id = v_delivery.message_id;
    update deliveries d set resent_as = p_new where d.id = p_delivery;
    perform record_audit(p_actor, 'delivery.resent', 'delivery', p_new, v_delivery.conversation_id,
                         jsonb_build_object('failed', p_delivery));
    return jsonb_build_object('verdict', 'done', 'delivery_id', p_new);
end
$$;
