-- The take-over: puts a locked conversation into the hands of staff, p_status apart, and returns the receipt of what
-- became of the bot (API-STAFF.md 4). Its turn is fenced and its replies that have not left are withdrawn in this
-- transaction, so that the receipt stays true.
--
-- sent_before: the reply to the newest customer message was being sent already, or had been. A delivery in doubt that
-- would have been repeated counts as sent. cancelled: a turn ran, or that reply waited, and nothing of it is sent.
create or replace function take_over(p_conversation uuid, p_status text default 'escalated') returns jsonb
language plpgsql as $$
#variable_conflict use_column
declare
    v_ran boolean;
    v_reply uuid;
    v_begun timestamptz;
    v_withdrawn uuid[];
    v_result text;
    v_receipt jsonb;
begin
    select exists (select from turns t where t.id = c.current_turn and t.ended_at is null),
           (select m.id from messages i
            join messages m on m.conversation_id = c.id and m.turn_id = i.answered_by and m.direction = 'outbound'
            where i.conversation_id = c.id and i.seq = c.last_inbound order by m.seq desc limit 1)
    into v_ran, v_reply
    from conversations c where c.id = p_conversation;

    v_withdrawn := withdraw_replies(p_conversation);
    select min(coalesce(d.requested_at, d.created_at)) into v_begun from deliveries d
    where d.message_id = v_reply and (d.state not in ('pending', 'withdrawn') or d.unresolved_attempts > 0);
    v_result := case
        when v_ran then 'cancelled'
        when v_begun is not null then 'sent_before'
        when exists (select from deliveries d where d.message_id = v_reply and d.id = any (v_withdrawn))
            then 'cancelled'
        else 'none' end;

    perform fence(array[p_conversation], p_status);
    v_receipt := jsonb_build_object(
        'result', v_result,
        'message_id', case when v_result = 'sent_before' or v_result = 'cancelled' and not v_ran then v_reply end,
        'at', case when v_result = 'sent_before' then rfc3339(v_begun) end,
        'withdrawn', to_jsonb(v_withdrawn));
    update conversations c set takeover = v_receipt where c.id = p_conversation and p_status = 'escalated';
    return v_receipt;
end
$$;
