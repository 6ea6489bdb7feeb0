-- Releases the leases that an owner holds on these conversations and puts them back into the outbox: after a drain
-- any process takes them up at once.
create or replace function release_leases(p_conversation uuid[], p_owner uuid) returns bigint language plpgsql as $$
#variable_conflict use_column
begin
    perform from conversations c where c.id = any (p_conversation) order by c.id for no key update;
    update conversations c set lease_owner = null, lease_until = null
    where c.id = any (p_conversation) and c.lease_owner = p_owner;
    return requeue_conversations(p_conversation);
end
$$;
