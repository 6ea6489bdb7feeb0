-- Replaces the targets and the calendar of support hours by those of company-profile.md, and computes anew what is due in
-- every conversation that people have. Nothing happens if the same has been written before. Returns whether it wrote.
create or replace function write_service_levels(
    p_fingerprint bytea, p_remind double precision, p_warn double precision,
    p_plan text[], p_severity text[], p_place smallint[], p_response double precision[],
    p_response_always boolean[], p_resolution double precision[], p_resolution_always boolean[],
    p_opening_plan text[], p_opens timestamptz[], p_closes timestamptz[], p_before double precision[]
) returns boolean language plpgsql as $$
#variable_conflict use_column
begin
    perform pg_advisory_xact_lock(hashtextextended('fte.service_levels', 0));
    if exists (select from sla_settings s where s.fingerprint = p_fingerprint) then
        return false;
    end if;
    delete from sla_targets;
    delete from support_openings;
    insert into sla_targets
    select * from unnest(p_plan, p_severity, p_place, p_response, p_response_always, p_resolution,
                         p_resolution_always);
    insert into support_openings select * from unnest(p_opening_plan, p_opens, p_closes, p_before);
    insert into sla_settings (fingerprint, remind_seconds, warn_seconds) values (p_fingerprint, p_remind, p_warn)
    on conflict (id) do update
    set fingerprint = excluded.fingerprint, remind_seconds = excluded.remind_seconds,
        warn_seconds = excluded.warn_seconds;
    perform from conversations c where c.status = 'escalated' order by c.id for no key update;
    perform set_clocks(c.id, true) from conversations c
    where c.status = 'escalated'
      and not exists (select from conversation_clocks k where k.conversation_id = c.id);
    perform time_clocks(c.id) from conversations c where c.status = 'escalated';
    return true;
end
$$;
