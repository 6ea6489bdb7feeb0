-- Why a reply of staff can't go out on a channel; null if it can. p_window is how long after the customer's last message
-- a chat takes free text.
create or replace function reply_refusal(
    p_conversation uuid, p_channel text, p_channels text[], p_copied boolean, p_delayed boolean, p_window interval
) returns text language plpgsql stable as $$
#variable_conflict use_column
declare
    v_to record;
begin
    if p_channel <> all (p_channels) then
        return 'unconfigured';
    elsif p_copied and p_channel <> 'email' then
        return 'no_copies';
    elsif p_delayed and p_channel = 'whatsapp' then
        return 'no_delay';
    elsif p_channel = 'web_form' then
        return case when not exists (
            select from messages m where m.conversation_id = p_conversation and m.channel = 'web_form')
            then 'no_address' end;
    end if;
    select a.kind, a.value into v_to from reply_address(p_conversation, p_channel) a;
    if v_to.value is null then
        return 'no_address';
    elsif exists (select from conversations c, opt_outs(c.customer_id, p_channel) o
                  where c.id = p_conversation and o.kind = v_to.kind and o.value = v_to.value) then
        return 'opted_out';
    elsif p_channel = 'whatsapp' and not exists (
        select from customer_identifiers i
        where i.kind = v_to.kind and i.value = v_to.value and i.last_inbound_at > now() - p_window) then
        return 'window_closed';
    end if;
    return null;
end
$$;
