-- What is kept of an erased address that wants no messages.
create or replace function address_digest(p_kind text, p_value text) returns bytea language sql immutable as $$
    select sha256(convert_to(p_kind || ':' || p_value, 'UTF8'))
$$;
