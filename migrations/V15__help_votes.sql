-- Whether readers found an article helpful, counted by day: nobody is named. An article may be gone by now.
create table help_votes (
    article_id text not null,
    day date not null default current_date,
    helpful boolean not null,
    votes bigint not null default 1 check (votes > 0),
    primary key (article_id, day, helpful)
) with (fillfactor = 80);
