-- Adds a note, which staff alone see; closed tickets take notes too. It answers nothing and changes no status. Whoever is
-- mentioned watches the conversation from then on.
create or replace function add_note(
    p_conversation uuid, p_actor uuid, p_message uuid, p_text text, p_mentions uuid[]
) returns jsonb language plpgsql as $$
#variable_conflict use_column
declare
    v_found boolean;
begin
    select true into v_found from conversations c where c.id = p_conversation for no key update;
    if v_found is null then
        return jsonb_build_object('verdict', 'no_conversation');
    elsif exists (select from unnest(p_mentions) n (id)
                  where not exists (select from staff s where s.id = n.id and s.active)) then
        return jsonb_build_object('verdict', 'no_staff');
    end if;
    update conversations c set last_seq = c.last_seq + 1 where c.id = p_conversation;
    perform write_staff_message(p_conversation, p_actor, p_message, 'note',
                                (select c.channel from conversations c where c.id = p_conversation), p_text);
    insert into staff_mentions (message_id, staff_id)
    select distinct p_message, n.id from unnest(p_mentions) n (id);
    perform add_watchers(p_conversation, p_mentions);
    perform record_audit(p_actor, 'conversation.noted', 'message', p_message, p_conversation);
    return jsonb_build_object('verdict', 'done', 'message_id', p_message);
end
$$;
