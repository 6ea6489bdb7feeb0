-- Stores what an account thinks of a message of the bot, in place of what it thought before.
create or replace function judge_message(p_message uuid, p_actor uuid, p_verdict text, p_comment text) returns jsonb
language plpgsql as $$
#variable_conflict use_column
declare
    v_conversation uuid;
begin
    select m.conversation_id into v_conversation from messages m where m.id = p_message and m.role = 'agent';
    if not found then
        return jsonb_build_object('verdict', 'not_the_bots');
    end if;
    insert into message_feedback (message_id, staff_id, verdict, comment)
    values (p_message, p_actor, p_verdict, p_comment)
    on conflict (message_id, staff_id) do update
    set verdict = excluded.verdict, comment = excluded.comment, created_at = now();
    perform record_audit(p_actor, 'message.judged', 'message', p_message, v_conversation,
                         jsonb_build_object('verdict', p_verdict));
    return jsonb_build_object('verdict', 'done', 'message_id', p_message);
end
$$;
