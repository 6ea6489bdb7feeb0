-- What models cost, and who was told of a delay.
--
-- delay_acknowledged: inbound messages up to here had waited when their customer was told so; one acknowledgement for
-- each time that a customer waits. The spend of a conversation and of a day (UTC) grows with each recorded model call.
alter table conversations
    add column delay_acknowledged bigint not null default 0,
    add column tokens_used bigint not null default 0,
    add column cost_micros bigint not null default 0;

create table model_spend (
    day date primary key,
    tokens bigint not null,
    cost_micros bigint not null
);

alter table agent_metrics add column cost_micros bigint not null default 0;
