-- Sends a failed part of a message once more, to the same address or to another one of the same customer, and the parts
-- after it, which were withdrawn when it failed. The old ones stay as they are; the message is as far as the new ones.
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
    with again as (
        select d.*, case when d.id = p_delivery then p_new else gen_random_uuid() end as new_id,
               row_number() over (order by d.part) as place,
               (select max(o.part) from deliveries o where o.message_id = d.message_id) as last_part
        from deliveries d
        where d.message_id = v_delivery.message_id
          and (d.id = p_delivery
               or d.part > v_delivery.part and d.state = 'withdrawn' and d.resent_as is null)
    ), added as (
        insert into deliveries (id, message_id, part, conversation_id, channel, body, recipients, to_kind, to_value)
        select a.new_id, a.message_id, a.last_part + a.place, a.conversation_id, a.channel, a.body, a.recipients,
               coalesce(v_kind, a.to_kind), case when v_kind is null then a.to_value else p_to end
        from again a
    )
    update deliveries d set resent_as = a.new_id from again a where d.id = a.id;
    perform record_audit(p_actor, 'delivery.resent', 'delivery', p_new, v_delivery.conversation_id,
                         jsonb_build_object('failed', p_delivery));
    return jsonb_build_object('verdict', 'done', 'delivery_id', p_new);
end
$$;
