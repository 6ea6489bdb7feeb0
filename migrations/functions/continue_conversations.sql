-- The part of store_inquiries for messages that continue a conversation which exists by now: numbers them under the
-- conversation's lock and reopens answered and resolved tickets; whoever had it keeps it. The conversation moves to the channel of its newest message.
-- Returns the messages that were sent to a closed ticket, and those (of p_limited) that would be more than
-- p_max_unsettled without an answer; both are deleted. p_max_unsettled is null where nothing is limited.
--
-- Only a message that names its ticket, one of p_limited, is refused because its conversation is closed. For any other one
-- the batch looked its conversation up and found it open: the batch is repeated, and finds or opens another one.
create or replace function continue_conversations(
    p_message uuid[], p_conversation uuid[], p_channel text[], p_goes_on boolean[],
    p_limited boolean[] default null, p_max_unsettled integer default null
) returns table (refused_id uuid, refusal text) language plpgsql as $$
#variable_conflict use_column
declare
    v_continued uuid[];
    v_closed uuid[];
    v_refused uuid[];   -- messages to closed tickets
    v_full uuid[];      -- messages beyond the limit of their conversation
    v_message uuid[];   -- the accepted messages, in order
    v_home uuid[];      -- their conversations
    v_channel text[];   -- their channels
    v_after bigint[];   -- how many accepted messages of the same conversation come after each
begin
    v_continued := array(
        select distinct i.conversation from unnest(p_conversation, p_goes_on) i (conversation, goes_on)
        where i.goes_on);
    perform from conversations c where c.id = any (v_continued) order by c.id for no key update;
    perform from tickets t where t.conversation_id = any (v_continued) and t.status <> 'closed'
    order by t.id for no key update;

    v_closed := array(
        select c.id from conversations c
        where c.id = any (v_continued)
          and (c.status = 'closed'
               or not exists (select from tickets t where t.conversation_id = c.id and t.status <> 'closed')));
    v_refused := array(
        select i.message from unnest(p_message, p_conversation, p_goes_on) i (message, conversation, goes_on)
        where i.goes_on and i.conversation = any (v_closed));
    if cardinality(v_refused) > 0 and exists (
               select from unnest(p_message, p_conversation, p_limited) i (message, conversation, limited)
               join conversations c on c.id = i.conversation and c.status = 'closed'
               where i.message = any (v_refused) and not coalesce(i.limited, false)) then
        raise exception using errcode = 'serialization_failure', message = 'the conversation was closed meanwhile';
    end if;
    v_full := array(
        select i.message
        from (select u.message, u.conversation, u.limited,
                     count(*) over (partition by u.conversation order by u.ord) as place
              from unnest(p_message, p_conversation, p_goes_on, p_limited)
                   with ordinality u (message, conversation, goes_on, limited, ord)
              where p_max_unsettled is not null and u.goes_on and u.conversation <> all (v_closed)) i
        where i.limited
          and i.place + (select count(*)
                         from (select from conversations c
                               join messages m on m.conversation_id = c.id and m.seq > c.answered_through
                               where c.id = i.conversation and m.direction = 'inbound' and m.answered_by is null
                               limit p_max_unsettled) waiting) > p_max_unsettled);
    delete from messages m where m.id = any (v_refused || v_full);

    select coalesce(array_agg(i.message order by i.ord), '{}'),
           coalesce(array_agg(i.conversation order by i.ord), '{}'),
           coalesce(array_agg(i.channel order by i.ord), '{}'), coalesce(array_agg(i.after order by i.ord), '{}')
    into v_message, v_home, v_channel, v_after
    from (select message, conversation, channel, ord,
                 count(*) over (partition by conversation order by ord desc) - 1 as after
          from unnest(p_message, p_conversation, p_channel, p_goes_on)
               with ordinality u (message, conversation, channel, goes_on, ord)
          where goes_on and conversation <> all (v_closed) and message <> all (v_full)) i;

    update conversations c
    set last_seq = c.last_seq + (select count(*) from unnest(v_home) h (id) where h.id = c.id),
        last_inbound = c.last_seq + (select count(*) from unnest(v_home) h (id) where h.id = c.id),
        channel = (select h.channel from unnest(v_home, v_channel) with ordinality h (id, channel, ord)
                   where h.id = c.id order by h.ord desc limit 1),
        last_message_at = now()
    where c.id = any (v_home);

    update conversations c set snoozed_until = null where c.id = any (v_home) and c.snoozed_until is not null;

    -- Where people have the conversation, whoever works on it goes on.
    update tickets t
    set status = case when t.status not in ('waiting_customer', 'resolved') then t.status
                      else (select case when c.status <> 'escalated' then 'open'
                                        when c.assignee is null then 'escalated' else 'in_progress' end
                            from conversations c where c.id = t.conversation_id) end,
        reopened_from = case when t.status = 'resolved' then t.resolved_at else t.reopened_from end,
        resolved_at = null,
        updated_at = now()
    where t.conversation_id = any (v_home) and t.status <> 'closed';

    -- A message that names only its ticket counts as one from the sender who opened the ticket.
    update messages m
    set conversation_id = h.home,
        seq = h.last_seq - h.after,
        accepted_status = h.status,
        identifier_kind = coalesce(m.identifier_kind, h.kind),
        identifier_value = coalesce(m.identifier_value, h.value)
    from (select i.message, i.home, i.after, c.last_seq, t.status, f.kind, f.value
          from unnest(v_message, v_home, v_after) i (message, home, after)
          cross join lateral (select c.last_seq from conversations c where c.id = i.home offset 0) c
          left join lateral (select t.status from tickets t
                             where t.conversation_id = i.home and t.status <> 'closed' offset 0) t on true
          left join lateral (select f.identifier_kind as kind, f.identifier_value as value from messages f
                             where f.conversation_id = i.home and f.direction = 'inbound' and f.seq > 0
                             order by f.seq limit 1) f on true) h
    where m.id = any (v_message) and m.id = h.message;

    insert into live_events (conversation_id, message_id)
    select i.home, i.message from unnest(v_message, v_home) i (message, home);

    return query
    select m.id, 'closed' from unnest(v_refused) m (id)
    union all
    select m.id, 'full' from unnest(v_full) m (id);
end
$$;
