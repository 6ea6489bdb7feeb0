-- Whether any endpoint gets events. While there is none, events are not even put together. In PL/pgSQL, which plans the
-- look once in a session: every statement that changes a message or a ticket asks.
create or replace function wants_webhooks() returns boolean language plpgsql stable as $$
begin
    return exists (select from webhooks w where w.disabled_at is null);
end
$$;
