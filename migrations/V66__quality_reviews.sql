-- What staff think of replies, by a scorecard: 0 (no), 1 (partly), 2 (yes), null where a question does not apply.
create table quality_reviews (
    id uuid primary key,
    message_id uuid not null references messages,
    reviewer uuid not null references staff,
    grounded smallint check (grounded between 0 and 2),
    complete smallint check (complete between 0 and 2),
    tone smallint check (tone between 0 and 2),
    policy smallint check (policy between 0 and 2),
    comment text check (length(comment) <= 2000),
    created_at timestamptz not null default now(),
    unique (message_id, reviewer),
    check (num_nonnulls(grounded, complete, tone, policy) > 0)
);
create index quality_reviews_reviewer on quality_reviews (reviewer);
