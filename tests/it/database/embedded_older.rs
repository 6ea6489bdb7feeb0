//! Conversion test of an embedded cluster of an older program, whose database belongs to the cluster's first superuser.

use std::fs;
use std::path::Path;

use fte::crm::migrate::migrate;
use fte::embedded::EmbeddedPostgres;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, NoTls};

use crate::support::postgres::{client, connector, remove, scratch_dir, settings};

/// As a superuser of its own, because no session may rename its role: the program's role becomes the first superuser of
/// the cluster, to whom everything belongs, as older programs created it.
const FIRST_SUPERUSER: &str = "alter role fte rename to plain;
    alter role postgres rename to fte;
    alter role fte password 'PASSWORD';
    reassign owned by plain to fte;
    alter database fte owner to fte;
    drop owned by plain;
    drop role plain;";

#[tokio::test]
async fn a_database_of_the_first_superuser_is_given_to_the_plain_role() {
    let dir = scratch_dir();
    let older = start(dir.path()).await;
    migrate(&connector(older.url())).await.unwrap();
    make_older(&older).await;
    let session = client(older.url()).await;
    assert_eq!(facts(&session).await, ("fte".to_owned(), true), "the program's role is the first superuser");
    let write = "insert into customers (id, name) values (gen_random_uuid(), 'Ann')";
    session.batch_execute(write).await.unwrap();
    let was = older.url().to_owned();
    older.stop().await.unwrap();

    let postgres = start(dir.path()).await;

    assert_eq!(postgres.url(), was, "programs that hold its address find the server again");
    let session = client(postgres.url()).await;
    assert_eq!(facts(&session).await, ("fte".to_owned(), false));
    let name: String = session.query_one("select name from customers", &[]).await.unwrap().get(0);
    assert_eq!(name, "Ann");
    // Its owner may change all of it, as later migrations do.
    assert!(migrate(&connector(postgres.url())).await.unwrap().is_empty(), "nothing is applied twice");
    let change = "alter table customers add column shoe_size integer;
                  alter function fence rename to fence_before;
                  create table added (id integer primary key)";
    session.batch_execute(change).await.unwrap();
    let refused = session.batch_execute("create role another superuser").await.unwrap_err();
    assert_eq!(refused.code(), Some(&SqlState::INSUFFICIENT_PRIVILEGE));
    let first = postgres.url().replace("fte:", "fte_first:");
    assert!(tokio_postgres::connect(&first, NoTls).await.is_err(), "the first superuser can't log in");
    postgres.stop().await.unwrap();

    // The next start finds nothing to convert.
    let again = start(dir.path()).await;
    assert_eq!(facts(&client(again.url()).await).await, ("fte".to_owned(), false));
    remove(again).await;
}

async fn start(dir: &Path) -> EmbeddedPostgres {
    EmbeddedPostgres::start(&settings(dir)).await.unwrap()
}

/// The owner of the database, and whether the session's role is a superuser.
async fn facts(session: &Client) -> (String, bool) {
    let sql =
        "select pg_get_userbyid(datdba)::text, (select rolsuper from pg_roles where rolname = current_user)
               from pg_database where datname = current_database()";
    let row = session.query_one(sql, &[]).await.unwrap();
    (row.get(0), row.get(1))
}

async fn make_older(postgres: &EmbeddedPostgres) {
    let file = |name: &str| fs::read_to_string(postgres.data_dir().join(name)).unwrap();
    let (own, superuser) = (file("fte.password"), file("superuser.password"));
    let as_role = |role: &str, password: &str| {
        postgres.url().replace(&format!("fte:{own}@"), &format!("{role}:{password}@"))
    };
    let helper = "create role helper superuser login password 'helper'";
    client(&as_role("postgres", &superuser)).await.batch_execute(helper).await.unwrap();
    let session = client(&as_role("helper", "helper")).await;
    session.batch_execute(&FIRST_SUPERUSER.replace("PASSWORD", &own)).await.unwrap();
    client(postgres.url()).await.batch_execute("drop role helper").await.unwrap();
    fs::remove_file(postgres.data_dir().join("superuser.password")).unwrap();
}
