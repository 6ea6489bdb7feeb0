-- Learning from what the documents could not answer: questions, grouped by meaning; proposals to change the knowledge, which
-- people approve; and the approved articles with their history.

-- Questions of one meaning. closed_at: a proposal about them was approved; later questions open another group.
create table knowledge_gaps (
    id uuid primary key,
    created_at timestamptz not null default now(),
    closed_at timestamptz
);

-- What a customer had asked when the bot gave the conversation to people because no document answered. content is null
-- until the question is grouped; it names nobody. embedding is of model, null for groups by words. learned_at: it was
-- decided whether the answer of staff becomes a draft.
create table knowledge_questions (
    escalation_id uuid primary key references escalations,
    conversation_id uuid not null references conversations,
    gap_id uuid references knowledge_gaps,
    content text check (length(content) <= 2000),
    model text,
    embedding vector,
    asked_at timestamptz not null default now(),
    learned_at timestamptz
);
create index knowledge_questions_conversation on knowledge_questions (conversation_id);
create index knowledge_questions_gap on knowledge_questions (gap_id, asked_at);
create index knowledge_questions_ungrouped on knowledge_questions (asked_at) where content is null;
create index knowledge_questions_unlearned on knowledge_questions (conversation_id)
    where gap_id is not null and learned_at is null;

create function note_unanswered_question() returns trigger language plpgsql as $$
begin
    insert into knowledge_questions (escalation_id, conversation_id, asked_at)
    values (new.id, new.conversation_id, new.created_at);
    return null;
end
$$;
create trigger escalations_unanswered after insert on escalations for each row
    when (new.reason = 'no_answer') execute function note_unanswered_question();
insert into knowledge_questions (escalation_id, conversation_id, asked_at)
select e.id, e.conversation_id, e.created_at from escalations e join conversations c on c.id = e.conversation_id
where e.reason = 'no_answer' and c.erased_at is null and e.created_at > now() - interval '90 days';

-- A change of the knowledge that somebody proposes. revision grows with each edit, and run_revision is the one that the
-- run was of; run_prepared: its
-- questions were chosen. ticket_id is the ticket whose answer a draft was made from, one draft for each.
create table knowledge_proposals (
    id uuid primary key,
    op text not null check (op in ('create', 'update', 'delete')),
    article_id text check (length(article_id) <= 1000),
    title text check (length(title) <= 200),
    body text check (length(body) <= 10000),
    gap_id uuid references knowledge_gaps,
    ticket_id uuid unique references tickets,
    state text not null default 'draft' check (state in ('draft', 'approved', 'rejected')),
    reason text check (length(reason) <= 1000),
    author uuid not null references staff,
    decided_by uuid references staff,
    decided_at timestamptz,
    revision bigint not null default 1,
    model text,
    embedding vector,
    run_state text check (run_state in ('running', 'done', 'failed')),
    run_revision bigint,
    run_limit integer,
    run_prepared boolean not null default false,
    run_lease_until timestamptz,
    run_failures integer not null default 0,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create index knowledge_proposals_state on knowledge_proposals (state, created_at);
create index knowledge_proposals_gap on knowledge_proposals (gap_id);
create index knowledge_proposals_author on knowledge_proposals (author);
create index knowledge_proposals_decided_by on knowledge_proposals (decided_by);
create index knowledge_proposals_running on knowledge_proposals (run_lease_until) where run_state = 'running';

-- The past questions of a proposal's newest run. is_changed is null until the question was asked again, with the knowledge
-- as it is and with the proposal; the answers are kept where they differ.
create table knowledge_run_cases (
    proposal_id uuid not null references knowledge_proposals on delete cascade,
    message_id uuid not null references messages,
    position integer not null,
    is_changed boolean,
    answer_before text,
    answer_after text,
    primary key (proposal_id, message_id)
);
create index knowledge_run_cases_message on knowledge_run_cases (message_id);

-- Approved articles, which override the sections of their files. file_section is the section as its file has it, null if
-- no file has one. removed: the section is hidden, and body is null.
create table knowledge_articles (
    id text primary key,
    file text not null,
    body text,
    removed boolean not null default false,
    file_section jsonb,
    updated_at timestamptz not null default now(),
    check (removed = (body is null))
);
create index knowledge_articles_file on knowledge_articles (file);

-- The history of each article; the first revision of one that came from a file is what the file said, by nobody.
create table knowledge_revisions (
    article_id text not null,
    number integer not null,
    op text not null check (op in ('create', 'update', 'delete')),
    title text,
    body text,
    proposal_id uuid references knowledge_proposals,
    approved_by uuid references staff,
    created_at timestamptz not null default now(),
    primary key (article_id, number)
);
create index knowledge_revisions_proposal on knowledge_revisions (proposal_id);
create index knowledge_revisions_approved_by on knowledge_revisions (approved_by);
