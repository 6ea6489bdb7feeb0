-- Whether a submission could be stored: writes a row into each of its tables, under the locks and triggers of real
-- ones, and takes everything back. Raises the error that a submission would get. The transaction id that it uses up
-- makes its commit reach the write-ahead log on disk.
create or replace function probe_writes(p_lock_timeout_ms integer) returns void language plpgsql as $$
#variable_conflict use_column
declare
    v_id uuid := gen_random_uuid();
begin
    perform set_config('lock_timeout', p_lock_timeout_ms::text, true);
    insert into customers (id, name) values (v_id, 'probe');
    insert into customer_identifiers (kind, value, customer_id) values ('email', v_id || '@probe.invalid', v_id);
    insert into conversations (id, customer_id, channel, attested, last_seq, last_inbound)
    values (v_id, v_id, 'web_form', false, 1, 1);
    insert into tickets (id, number, conversation_id, subject, category, priority)
    overriding system value values (v_id, -1, v_id, 'probe', 'general', 'low');
    insert into messages (id, conversation_id, seq, channel, direction, role, external_id, content)
    values (v_id, v_id, 1, 'web_form', 'inbound', 'customer', 'probe:' || v_id, 'probe');
    perform append_to_outbox(array[v_id]);
    set constraints all immediate;
    raise exception using errcode = 'FTEOK', message = 'the probe is taken back';
exception
    when sqlstate 'FTEOK' then
        return;
end
$$;
