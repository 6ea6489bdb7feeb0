-- A year of stored messages, in bulk: conversations `fill.first` to `fill.last` of `fill.total`, of which each two belong
-- to one customer and have four or six messages in turn, five on average. All of them are answered. The newest 4 % are not
-- closed: a quarter of these is with people, half waits for its customer, a quarter is resolved.
--
-- Run it as one transaction. Triggers are off meanwhile: what they write is written here, except for events that consoles
-- and pages forget after a day. All constraints hold. Ids are made of the time, as the program's are, and of a number, so
-- that the statements need no look-ups; all parts must be run on one day.

alter table customers disable trigger user;
alter table conversations disable trigger user;
alter table tickets disable trigger user;
alter table turns disable trigger user;
alter table messages disable trigger user;
alter table deliveries disable trigger user;
alter table escalations disable trigger user;
alter table ticket_ratings disable trigger user;
alter table closed_conversations disable trigger user;

create or replace function pg_temp.fill_id(p_kind text, p_number bigint, p_at timestamptz) returns uuid
language sql immutable as $$
    select (lpad(to_hex((extract(epoch from p_at) * 1000)::bigint), 12, '0') || '7' || substr(h, 1, 3) || '8'
            || substr(h, 4, 15))::uuid
    from md5(p_kind || p_number) h
$$;
create or replace function pg_temp.fill_sentence(p_number bigint) returns text language sql immutable as $$
    select format('%s %s in %s%s since %s %s, and %s asks about it. Reference %s.',
                  (array['I can''t open', 'How do I export', 'We lost', 'Please rename', 'Who may see', 'I want to share',
                         'Something deleted', 'Nobody finds'])[1 + p_number % 8],
                  (array['the dashboard', 'my invoices', 'a report', 'the calendar', 'our templates', 'all attachments',
                         'the audit trail', 'my password', 'the team', 'an integration', 'the timesheet'])[1 + p_number % 11],
                  (array['workspace', 'project', 'folder', 'board', 'account'])[1 + p_number % 5], p_number % 997,
                  (array['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'yesterday', 'noon'])[1 + p_number % 7],
                  p_number % 53, (array['finance', 'my colleague', 'a customer', 'the board'])[1 + p_number % 4],
                  to_hex(p_number * 2654435761 % 4294967296))
$$;

create temporary table if not exists fill_conversations (
    number bigint, id uuid, customer_id uuid, customer bigint, customer_at timestamptz, channel text, kind text,
    value text, attested boolean, status text, ticket_status text, messages bigint, begun timestamptz
);
truncate fill_conversations;
insert into fill_conversations
select c.number, pg_temp.fill_id('conversation', c.number, c.begun),
       pg_temp.fill_id('customer', c.customer, c.customer_at), c.customer, c.customer_at, c.channel,
       case c.channel when 'whatsapp' then 'phone' else 'email' end,
       case c.channel when 'whatsapp' then '+4930' || 1000000000 + c.customer
                      else 'customer.' || c.customer || '@company' || c.customer % 500 || '.example' end,
       c.channel <> 'web_form',
       case when not c.is_new then 'closed' when c.number % 4 = 0 then 'escalated' else 'active' end,
       case when not c.is_new then 'closed'
            when c.number % 8 = 0 then 'escalated' when c.number % 8 = 4 then 'in_progress'
            when c.number % 4 = 2 then 'resolved' else 'waiting_customer' end,
       4 + c.number % 2 * 2, c.begun
from (select n.number, 1 + n.number % n.customers as customer,
             date_trunc('day', now())
             - interval '365 days' * (1 - (1 + n.number % n.customers)::float8 / n.customers / 2) as customer_at,
             n.number > 0.96 * n.total as is_new,
             -- One channel for each customer: the number of customers is even.
             (array['web_form', 'web_form', 'web_form', 'web_form', 'web_form', 'web_form', 'web_form', 'email', 'email',
                    'whatsapp'])[1 + n.number % n.customers % 10] as channel,
             date_trunc('day', now()) - interval '30 minutes'
             - interval '365 days' * (1 - n.number::float8 / n.total) as begun
      from (select g.number, s.total, greatest(s.total / 2, 1) as customers
            from (select current_setting('fill.first')::bigint as first, current_setting('fill.last')::bigint as last,
                         current_setting('fill.total')::bigint as total) s
            cross join lateral generate_series(s.first, s.last) g (number)) n) c;
analyze fill_conversations;

insert into customers (id, name, metadata, created_at)
select distinct on (f.customer) f.customer_id,
       (array['Ann', 'Bob', 'Carla', 'Deniz', 'Emil', 'Fatima', 'Grete', 'Hugo'])[1 + f.customer % 8] || ' Example'
       || f.customer, case when f.customer % 3 = 0 then '{"plan": "pro"}'::jsonb else '{}' end, f.customer_at
from fill_conversations f order by f.customer
on conflict do nothing;
insert into customer_identifiers (kind, value, customer_id, attested, last_inbound_at, created_at)
select distinct on (f.customer) f.kind, f.value, f.customer_id, f.attested, f.begun, f.customer_at
from fill_conversations f order by f.customer
on conflict do nothing;

insert into conversations (id, customer_id, channel, status, attested, epoch, last_seq, last_inbound, answered_through,
                           sentiment, language, tokens_used, cost_micros, created_at, last_message_at, changed_at,
                           assignee, tags, severity, reason, human_at)
select f.id, f.customer_id, f.channel, f.status, f.attested, f.messages, f.messages, f.messages - 1, f.messages - 1,
       (f.number % 100) / 100.0, 'en', 400 * f.messages, 1200 * f.messages, f.begun,
       f.begun + interval '4 minutes' * f.messages, f.begun + interval '4 minutes' * f.messages,
       case when f.status = 'escalated' and f.ticket_status = 'in_progress'
            then '00000000-0000-0000-0000-000000000001'::uuid end,
       case when f.number % 20 = 0 then array['vip'] else '{}'::text[] end,
       case when h.is_handed then (array['low', 'normal', 'high', 'urgent'])[1 + f.number % 4] end,
       case when h.is_handed then (array['pricing', 'refund', 'no_answer'])[1 + f.number % 3] end,
       case when h.is_handed then f.begun + interval '10 minutes' end
from fill_conversations f
cross join lateral (select f.status = 'escalated' or f.status = 'closed' and f.number % 10 = 0 as is_handed) h;
insert into tickets (id, conversation_id, subject, category, priority, status, created_at, updated_at, resolved_at)
select gen_random_uuid(), f.id, left(pg_temp.fill_sentence(f.number * 7), 60),
       (array['general', 'technical', 'billing', 'feedback'])[1 + f.number % 4],
       (array['low', 'medium', 'high'])[1 + f.number % 3], f.ticket_status, f.begun,
       case when f.status = 'closed' then f.begun + interval '10 days' else now() end,
       case f.ticket_status when 'closed' then f.begun + interval '3 days' when 'resolved' then now() end
from fill_conversations f;
insert into ticket_subjects (ticket_id, subject)
select t.id, t.subject from tickets t join fill_conversations f on f.id = t.conversation_id;

insert into turns (id, conversation_id, epoch, covers, owner, outcome, started_at, ended_at, state)
select pg_temp.fill_id('turn', f.number * 10 + s.seq, f.begun + interval '4 minutes' * s.seq), f.id, s.seq, s.seq, f.id,
       'answer', f.begun + interval '4 minutes' * s.seq, f.begun + interval '4 minutes' * s.seq + interval '2 seconds',
       'committed'
from fill_conversations f cross join lateral generate_series(1, f.messages, 2) s (seq);
insert into turn_steps (turn_id, number, kind, content, created_at)
select pg_temp.fill_id('turn', f.number * 10 + s.seq, f.begun + interval '4 minutes' * s.seq), 1, 'model',
       jsonb_build_object('calls', jsonb_build_array(jsonb_build_object(
           'name', 'send_response', 'arguments', pg_temp.fill_sentence(f.number + s.seq)))),
       f.begun + interval '4 minutes' * s.seq
from fill_conversations f cross join lateral generate_series(1, f.messages, 2) s (seq);
insert into agent_metrics (turn_id, conversation_id, channel, outcome, latency_ms, model, model_calls, tokens_in,
                           tokens_out, cost_micros, created_at)
select pg_temp.fill_id('turn', f.number * 10 + s.seq, f.begun + interval '4 minutes' * s.seq), f.id, f.channel, 'answer',
       900, 'scripted', 1, 300, 100, 1200, f.begun + interval '4 minutes' * s.seq
from fill_conversations f cross join lateral generate_series(1, f.messages, 2) s (seq);

insert into messages (id, conversation_id, seq, channel, direction, role, external_id, fingerprint, content,
                      identifier_kind, identifier_value, attested, accepted_status, answered_by, turn_id, sources,
                      tool_calls, model, tokens, latency_ms, sentiment, created_at)
select pg_temp.fill_id('message', f.number * 10 + s.seq, s.at), f.id, s.seq, f.channel,
       case when s.is_inbound then 'inbound' else 'outbound' end, case when s.is_inbound then 'customer' else 'agent' end,
       case when s.is_inbound then 'fill-' || f.number || '-' || s.seq end, case when s.is_inbound then '\x00'::bytea end,
       pg_temp.fill_sentence(f.number * 31 + s.seq * 7),
       case when s.is_inbound then f.kind end, case when s.is_inbound then f.value end, s.is_inbound and f.attested,
       case when s.is_inbound then 'open' end, case when s.is_inbound then s.turn end,
       case when not s.is_inbound then s.turn end,
       case when not s.is_inbound then '[{"id": "faq.md#password", "title": "Password"}]'::jsonb end,
       case when not s.is_inbound then '[{"name": "search_knowledge_base"}]'::jsonb end,
       case when not s.is_inbound then 'scripted' end, case when not s.is_inbound then 400 end,
       case when not s.is_inbound then 900 end, case when s.is_inbound then (f.number % 100) / 100.0 end, s.at
from fill_conversations f
cross join lateral (
    select g.seq, g.seq % 2 = 1 as is_inbound, f.begun + interval '4 minutes' * g.seq as at,
           pg_temp.fill_id('turn', f.number * 10 + t.seq, f.begun + interval '4 minutes' * t.seq) as turn
    from generate_series(1, f.messages) g (seq) cross join lateral (select g.seq - 1 + g.seq % 2 as seq) t) s;
insert into deliveries (id, message_id, conversation_id, channel, state, attempts, requested_at, provider_id, delivered_at,
                        created_at, updated_at)
select gen_random_uuid(), pg_temp.fill_id('message', f.number * 10 + s.seq, s.at), f.id, f.channel, 'delivered', 1, s.at,
       case when f.channel <> 'web_form' then 'fill-' || f.number || '-' || s.seq end, s.at, s.at, s.at
from fill_conversations f
cross join lateral (select g.seq, f.begun + interval '4 minutes' * g.seq as at
                    from generate_series(2, f.messages, 2) g (seq)) s;

insert into escalations (id, conversation_id, reason, severity, summary, notified_at, created_at)
select gen_random_uuid(), c.id, c.reason, c.severity, 'wants a person', c.human_at, c.human_at
from fill_conversations f join conversations c on c.id = f.id where c.human_at is not null;
insert into conversation_clocks (conversation_id, state, response_since, first_response_due, due_at)
select f.id, 'running', f.begun, f.begun + interval '16 days', f.begun + interval '16 days'
from fill_conversations f where f.status = 'escalated';
insert into ticket_ratings (ticket_id, score, rated_at)
select t.id, 1 + f.number % 5, f.begun + interval '4 days'
from fill_conversations f join tickets t on t.conversation_id = f.id where f.number % 6 = 0 and f.status = 'closed';

insert into closed_conversations (conversation_id, customer_id, channel, ticket_status, priority, severity, reason,
                                  assignee, tags, created_at, last_message_at)
select c.id, c.customer_id, c.channel, t.status, t.priority, c.severity, c.reason, c.assignee, c.tags, c.created_at,
       c.last_message_at
from fill_conversations f join conversations c on c.id = f.id join tickets t on t.conversation_id = c.id
where c.status = 'closed';
insert into closed_counts (channel, ticket_status, priority, severity, reason, assignee, n)
select z.channel, z.ticket_status, z.priority, z.severity, z.reason, z.assignee, count(*)
from fill_conversations f join closed_conversations z on z.conversation_id = f.id
group by z.channel, z.ticket_status, z.priority, z.severity, z.reason, z.assignee;

set constraints all immediate;
alter table customers enable trigger user;
alter table conversations enable trigger user;
alter table tickets enable trigger user;
alter table turns enable trigger user;
alter table messages enable trigger user;
alter table deliveries enable trigger user;
alter table escalations enable trigger user;
alter table ticket_ratings enable trigger user;
alter table closed_conversations enable trigger user;
