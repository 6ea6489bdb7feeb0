-- show_web_replies for programs of the previous version, which only count.
create or replace function publish_web_replies(p_limit bigint) returns bigint language plpgsql as $$
begin
    return (select count(*) from show_web_replies(p_limit));
end
$$;
