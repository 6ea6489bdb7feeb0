-- Records how one try to mail a code ended: mailed, to be tried again after the pause, or given up where the pause is
-- null.
create or replace function settle_letter(p_challenge uuid, p_attempt smallint, p_mailed boolean, p_pause interval)
returns void language sql as $$
    update link_challenges
    set mailed_at = case when p_mailed then clock_timestamp() end,
        due_at = case when not p_mailed then clock_timestamp() + p_pause end
    where id = p_challenge and mail_attempts = p_attempt and state = 'open'
$$;
