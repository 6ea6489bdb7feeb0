//! Roles of the embedded server: the program connects as a plain role that owns its database; the superuser only
//! creates extensions. Every step may be repeated, as after a crash.

use tokio_postgres::{Client, Error};

use super::cluster::{NAME, SUPERUSER};

/// What the schema and the statistics need. In `template1`, from which every database of the program is made: a plain
/// role may not create `vector`.
const EXTENSIONS: &str = "create extension if not exists vector; create extension if not exists pg_trgm; \
     create extension if not exists pg_stat_statements";

/// Whether everything is set up: the program's role is plain and owns its database.
pub(super) async fn are_plain(client: &Client) -> Result<bool, Error> {
    let sql = "select exists (select from pg_database d join pg_roles r on r.oid = d.datdba \
               where d.datname = $1 and r.rolname = $1 and not r.rolsuper)";
    client.query_one(sql, &[&NAME]).await?.try_get(0)
}

/// For a cluster whose superuser is the program's role. The password is our own and needs no quoting.
pub(super) async fn create_superuser(client: &Client, password: &str) -> Result<(), Error> {
    client.batch_execute(&format!("create role {SUPERUSER} superuser login password '{password}'")).await
}

pub(super) async fn create_extensions(client: &Client) -> Result<(), Error> {
    client.batch_execute(EXTENSIONS).await
}

/// The role, and its database if that is new.
pub(super) async fn create(client: &Client, password: &str) -> Result<(), Error> {
    let role = client.query_opt("select rolsuper from pg_roles where rolname = $1", &[&NAME]).await?;
    let is_super = role.as_ref().map(|role| role.try_get::<_, bool>(0)).transpose()?;
    if is_super == Some(true) {
        // The first superuser of a cluster can't become plain; it keeps what belongs to the system, and can't log in:
        // its password is the program's.
        let retire = format!(
            "alter role {NAME} rename to {NAME}_first; alter role {NAME}_first nologin password null"
        );
        client.batch_execute(&retire).await?;
    }
    if is_super != Some(false) {
        let create = format!(
            "create role {NAME} login createdb password '{password}'; grant pg_checkpoint, pg_read_all_settings, pg_signal_backend to {NAME}"
        );
        client.batch_execute(&create).await?;
    }
    let database = client.query_opt("select from pg_database where datname = $1", &[&NAME]).await?;
    if database.is_none() {
        client.batch_execute(&format!("create database {NAME} owner {NAME}")).await?;
    }
    Ok(())
}

/// Within the program's database: gives it and all that is in it, extensions aside, to the plain role.
pub(super) async fn give_away(client: &Client) -> Result<(), Error> {
    client.batch_execute(EXTENSIONS).await?;
    let give = format!(
        "do $$
        declare
            v_change text;
        begin
            for v_change in
                select format('alter table public.%I owner to {NAME}', c.relname)
                from pg_class c
                where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
                  and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass
                                  and d.objid = c.oid and d.deptype = 'e')
                union all
                select format('alter routine %s owner to {NAME}', p.oid::regprocedure)
                from pg_proc p
                where p.pronamespace = 'public'::regnamespace
                  and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass
                                  and d.objid = p.oid and d.deptype = 'e')
            loop
                execute v_change;
            end loop;
        end $$;
        alter database {NAME} owner to {NAME}"
    );
    client.batch_execute(&give).await
}
