-- The sentiment of a conversation as an exponential moving average: the newest messages weigh two fifths, everything
-- before them three. Where the newest have no sentiment, the average stays. Inlined into the caller's statement.
create or replace function blend_sentiment(p_before real, p_newest real) returns real language sql immutable as $$
    select coalesce((coalesce(p_before, p_newest) * 0.6 + p_newest * 0.4)::real, p_before)
$$;
