-- Turns of the agent, what they recorded on the way, and what they cost.

-- covers is the newest inbound message that the turn answers. outcome is null while the turn runs, and stays null
-- where it was superseded or fenced. link is what the turn told the customer about linking, if anything.
create table turns (
    id uuid primary key,
    conversation_id uuid not null references conversations,
    epoch bigint not null,
    covers bigint not null,
    owner uuid not null,
    outcome text check (outcome in ('answer', 'escalate', 'silent')),
    link text check (link in ('asked', 'wrong', 'over', 'spent', 'proved', 'limited', 'unavailable')),
    started_at timestamptz not null default now(),
    ended_at timestamptz,
    check (outcome is null or ended_at is not null)
) with (fillfactor = 80);
create index turns_conversation on turns (conversation_id);

create table turn_steps (
    turn_id uuid not null references turns,
    number integer not null,
    kind text not null,
    content jsonb not null,
    created_at timestamptz not null default now(),
    primary key (turn_id, number)
);

-- One row for each finished turn.
create table agent_metrics (
    turn_id uuid primary key,
    conversation_id uuid not null,
    channel text not null check (channel in ('email', 'whatsapp', 'web_form')),
    outcome text not null check (outcome in ('answer', 'escalate', 'silent')),
    latency_ms integer not null,
    model text not null,
    model_calls integer not null,
    tokens_in integer not null,
    tokens_out integer not null,
    cost_micros bigint not null default 0,
    created_at timestamptz not null default now()
);
create index agent_metrics_conversation on agent_metrics (conversation_id);
create index agent_metrics_created on agent_metrics using brin (created_at);

-- What model calls cost, a row for each day (UTC).
create table model_spend (
    day date primary key,
    tokens bigint not null,
    cost_micros bigint not null
);
