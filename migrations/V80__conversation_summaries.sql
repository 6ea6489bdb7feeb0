-- What staff are told of a long thread, in points with the messages behind them: one summary for each conversation. It covers
-- `covered` messages up to number through_seq, of thread_messages that the thread had up to there: where that count is another
-- one now, because a message was taken back or split off, the summary is void. model is null where it was extracted
-- without a model.
create table conversation_summaries (
    conversation_id uuid primary key references conversations,
    points jsonb not null,
    covered bigint not null,
    thread_messages bigint not null,
    through_seq bigint not null,
    model text check (length(model) <= 200),
    created_at timestamptz not null default now()
);
