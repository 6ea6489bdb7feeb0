-- The part of store_inquiries for what came beside the text of new messages: files, the language, opt-outs, and the
-- sentiment of conversations that staff work on (the others' is stored by their turns).
--
-- A message's metadata says whether it changed its sender's consent, so that a turn confirms the change once.
create or replace function apply_extras(
    p_message uuid[], p_conversation uuid[], p_new boolean[], p_kind text[], p_value text[], p_extras jsonb[]
) returns void language plpgsql as $$
#variable_conflict use_column
declare
    v_escalated uuid[];
    v_opt_out record;
begin
    -- A file that came inside the message is stored already.
    insert into attachments (message_id, channel, position, url, announced_type, state, content_type, size_bytes,
                             sha256)
    select i.message, (select m.channel from messages m where m.id = i.message), e.ord, e.item ->> 'url',
           e.item ->> 'content_type', case when e.item -> 'stored' is null then 'pending' else 'stored' end,
           case when e.item -> 'stored' is not null then e.item ->> 'content_type' end,
           (e.item -> 'stored' ->> 'size_bytes')::bigint, decode(e.item -> 'stored' ->> 'sha256', 'hex')
    from unnest(p_message, p_new, p_extras) i (message, new, extras)
    cross join lateral jsonb_array_elements(coalesce(i.extras -> 'attachments', '[]')) with ordinality e (item, ord)
    where i.new;

    update conversations c
    set language = coalesce(
        (select i.extras ->> 'language'
         from unnest(p_conversation, p_new, p_extras) with ordinality i (conversation, new, extras, ord)
         where i.conversation = c.id and i.new and i.extras ->> 'language' is not null
         order by i.ord desc limit 1),
        c.language)
    where c.id = any (array(
        select i.conversation from unnest(p_conversation, p_new, p_extras) i (conversation, new, extras)
        where i.new and i.extras ->> 'language' is not null));

    update conversations c set proved = true
    where c.id = any (array(
        select i.conversation from unnest(p_conversation, p_new, p_extras) i (conversation, new, extras)
        where i.new and (i.extras -> 'proved')::boolean));

    -- The status is compared outside the look-up by id. In one `where` with it, the planner could use the partial index
    -- conversations_escalated for a handful of ids, and that index holds everything that staff work on.
    v_escalated := array(
        select c.id
        from (select conversations.id, conversations.status from conversations
              where conversations.id = any (p_conversation) offset 0) c
        where c.status = 'escalated');
    update conversations c
    set sentiment = blend_sentiment(c.sentiment, (
        select (avg((i.extras -> 'sentiment_percent')::real) / 100)::real
        from unnest(p_conversation, p_new, p_extras) i (conversation, new, extras)
        where i.conversation = c.id and i.new and i.extras -> 'sentiment_percent' is not null))
    where c.id = any (v_escalated)
      and c.id = any (array(
          select i.conversation from unnest(p_conversation, p_new, p_extras) i (conversation, new, extras)
          where i.new and i.extras -> 'sentiment_percent' is not null));

    for v_opt_out in
        select i.message, i.kind, i.value, i.extras ->> 'opt_out' as opt_out
        from unnest(p_message, p_new, p_kind, p_value, p_extras)
             with ordinality i (message, new, kind, value, extras, ord)
        where i.new and i.extras ->> 'opt_out' is not null
        order by i.ord
    loop
        update customer_identifiers i
        set opted_out_at = case when v_opt_out.opt_out = 'stop' then now() end
        where i.kind = v_opt_out.kind and i.value = v_opt_out.value
          and (i.opted_out_at is null) = (v_opt_out.opt_out = 'stop');
        if found then
            update messages m
            set metadata = coalesce(m.metadata, '{}') || jsonb_build_object('consent', v_opt_out.opt_out)
            where m.id = v_opt_out.message;
        end if;
    end loop;
end
$$;
