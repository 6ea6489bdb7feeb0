-- Trace contexts (W3C traceparent), so that a later process continues the trace of a message: of a conversation's newest
-- message until it is answered, of an outbox row, and of the turn that wrote a reply. Null where traces are not exported.
alter table conversations add column traceparent text;
alter table outbox add column traceparent text;
alter table deliveries add column traceparent text;
