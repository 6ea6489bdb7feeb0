-- Records the result of one try to mail a code: mailed, to be retried after the pause, or given up if the pause is
-- null.
create or replace function settle_verification_mail(
    p_challenge uuid, p_attempt smallint, p_mailed boolean, p_pause interval
) returns void language sql as $$
    update link_challenges
    set mailed_at = case when p_mailed then clock_timestamp() end,
        due_at = case when not p_mailed then clock_timestamp() + p_pause end
    where id = p_challenge and mail_attempts = p_attempt and state = 'open'
$$;
