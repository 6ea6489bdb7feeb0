-- The newest p_hits messages that have all the words, the newest first. They are looked for in the last two days, then in
-- the last 32 to 64, then in all: the index joins words and days (message_words), so that a word that most messages have
-- is read for two days only. Of more than p_read matches in such a period, p_read are read.
create or replace function newest_messages(p_words text, p_hits bigint, p_read bigint) returns setof messages
language plpgsql stable set enable_seqscan = off as $$
declare
    v_words tsquery := plainto_tsquery('simple', p_words);
    v_today integer := (now() at time zone 'UTC')::date - date '1970-01-01';
    v_query tsquery;
    v_found messages[];
begin
    if numnode(v_words) = 0 then
        return;
    end if;
    -- Tomorrow as well, because the clocks of machines differ.
    foreach v_query in array array[
        v_words && format('''day %s'' | ''day %s'' | ''day %s''', v_today + 1, v_today, v_today - 1)::tsquery,
        v_words && format('''days %s'' | ''days %s'' | ''days %s''', (v_today + 1) / 32, v_today / 32,
                          v_today / 32 - 1)::tsquery,
        v_words]
    loop
        v_found := array(
            select f from (
                select m.* from messages m
                where message_words(m.content, m.created_at) @@ v_query and m.seq is not null
                limit p_read) f
            order by f.created_at desc limit p_hits);
        exit when cardinality(v_found) >= p_hits;
    end loop;
    return query select f.* from unnest(v_found) f;
end
$$;
