-- Records what became of one attempt to send a message of a side conversation: sent, to be tried again after p_pause, or
-- failed where there is neither.
create or replace function settle_side_message(
    p_message uuid, p_attempt smallint, p_sent boolean, p_pause interval, p_error text
) returns void language sql as $$
    with settled as (
        update side_messages m
        set state = case when p_sent then 'sent' when p_pause is null then 'failed' else 'pending' end,
            due_at = case when not p_sent then clock_timestamp() + p_pause end, error = p_error
        where m.id = p_message and m.attempts = p_attempt and m.state = 'sending'
        returning m.side_id)
    insert into staff_events (kind, conversation_id, subject_id)
    select 'conversation', c.conversation_id, c.conversation_id
    from settled s join side_conversations c on c.id = s.side_id
$$;
