-- Marks files for removal that no row refers to any more. A file that several messages share stays until the last one
-- goes.
create or replace function drop_files(p_sha256 bytea[]) returns bigint language sql as $$
    with unused as (
        insert into file_removals (sha256)
        select distinct f.sha256 from unnest(p_sha256) f (sha256)
        where f.sha256 is not null
          and not exists (select from attachments a where a.sha256 = f.sha256)
          and not exists (select from message_emails e where e.raw_sha256 = f.sha256)
          and not exists (select from side_files s where s.sha256 = f.sha256)
        on conflict (sha256) do update set requested_at = now()
        returning 1)
    select count(*) from unused
$$;
