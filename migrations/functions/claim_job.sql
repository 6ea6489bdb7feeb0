-- Claims a job that runs once in the whole system: true for the one caller that finds it due. It is due again after
-- p_every.
create or replace function claim_job(p_name text, p_every interval) returns boolean language plpgsql as $$
begin
    insert into scheduled_jobs (name, due_at) values (p_name, now()) on conflict do nothing;
    update scheduled_jobs j set due_at = now() + p_every where j.name = p_name and j.due_at <= now();
    return found;
end
$$;
