//! Rotation tests: secrets in files are replaced while the program runs, without a restart and without a refused request.

use std::path::Path;

use fte::channels::whatsapp::{SIGNATURE, sign};
use fte::embedded::EmbeddedPostgres;
use fte::fakes::openai::{FakeOpenai, named};
use reqwest::StatusCode;
use rustix::process::Signal;
use secrecy::SecretString;
use tokio_postgres::Client;

use crate::support::customers::{Customer, FORGOTTEN};
use crate::support::postgres::{client, fresh_database, remove, scratch_dir, settings};
use crate::support::served::Served;
use crate::support::twilio::{ACCOUNT, FakeTwilio, NUMBER};
use crate::support::verdict::count;
use crate::support::wait::{LIMIT, becomes};
use crate::support::whatsapp::form;

const ANN: &str = "+4915112345678";

/// As an orchestrator replaces a mounted file: the name leads to another file at once.
fn replace(path: &Path, secret: &str) {
    let next = path.with_extension("next");
    std::fs::write(&next, secret).unwrap();
    std::fs::rename(next, path).unwrap();
}

/// Replaces the token of Twilio, the token of the staff routes and the key of OpenAI.
fn replace_all(folder: &Path, suffix: &str) {
    replace(&folder.join("auth"), &format!("twilio-{suffix}"));
    replace(&folder.join("api"), &format!("api-token-{suffix}"));
    replace(&folder.join("key"), &format!("sk-{suffix}"));
}

async fn serve_with_files(url: &str, folder: &Path, twilio: &FakeTwilio, fake: &FakeOpenai) -> Served {
    let (auth, api, key) = (folder.join("auth"), folder.join("api"), folder.join("key"));
    let base = fake.base_url();
    Served::start(
        url,
        &[
            ("FTE_API_TOKEN", ""),
            ("FTE_API_TOKEN_FILE", api.to_str().unwrap()),
            ("TWILIO_ACCOUNT_SID", ACCOUNT),
            ("TWILIO_AUTH_TOKEN_FILE", auth.to_str().unwrap()),
            ("TWILIO_WHATSAPP_NUMBER", NUMBER),
            ("TWILIO_API_BASE_URL", twilio.sandbox.url()),
            ("OPENAI_API_KEY_FILE", key.to_str().unwrap()),
            ("OPENAI_BASE_URL", base.as_str()),
        ],
    )
    .await
}

/// The status of a message from Twilio that is signed with this token.
async fn signed(served: &Served, token: &str, sid: &str) -> u16 {
    let (url, form) = (format!("{}/webhooks/whatsapp", served.base), form(ANN, sid, FORGOTTEN));
    let signature = sign(&SecretString::from(token), &url, &form);
    let http = fte::http_client::builder().no_proxy().build().unwrap();
    let request = http.post(&url).header(SIGNATURE, signature);
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(form.encode());
    request.send().await.unwrap().status().as_u16()
}

async fn staff(served: &Served, token: &str) -> StatusCode {
    let http = fte::http_client::builder().no_proxy().build().unwrap();
    let request = http.get(format!("{}/ops/pool", served.base)).bearer_auth(token);
    request.send().await.unwrap().status()
}

async fn model_calls_use_the_new_key(served: &Served, fake: &FakeOpenai) {
    let asked = async || fake.ledger().chats().last().and_then(|seen| seen.authorization.clone());
    let ticket = Customer::of(&served.base).submit("ann@example.com", "1", FORGOTTEN).await.ticket();
    Customer::of(&served.base).replied(&ticket, 1, LIMIT).await;
    becomes("the key of the newest model call", Some("Bearer sk-two".to_owned()), asked).await;
}

#[tokio::test]
async fn secrets_in_files_are_replaced_without_a_restart() {
    let (url, twilio) = (fresh_database().await, FakeTwilio::open());
    let fake = FakeOpenai::start(named("grounded").unwrap()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    replace_all(folder.path(), "one");
    let served = serve_with_files(&url, folder.path(), &twilio, &fake).await;
    assert_eq!(signed(&served, "twilio-one", "SM1").await, 200);
    assert_eq!(signed(&served, "twilio-two", "SM2").await, 403);
    assert_eq!(staff(&served, "api-token-one").await, 200);

    replace_all(folder.path(), "two");
    served.send(Signal::HUP);
    becomes("the new token of the staff routes", StatusCode::OK, async || {
        staff(&served, "api-token-two").await
    })
    .await;
    becomes("the new token of webhooks", 200, async || signed(&served, "twilio-two", "SM3").await).await;
    // What others sign or show in the meantime is still accepted; anything else is not.
    assert_eq!(signed(&served, "twilio-one", "SM4").await, 200);
    assert_eq!(staff(&served, "api-token-one").await, 200);
    assert_eq!(signed(&served, "twilio-three", "SM5").await, 403);
    assert_eq!(staff(&served, "api-token-three").await, 401);
    // Our own requests use the new ones.
    model_calls_use_the_new_key(&served, &fake).await;
    let log = served.log();
    assert!(
        log.contains("a secret was replaced") && !log.contains("twilio-two") && !log.contains("sk-two"),
        "{log}"
    );

    // A file that is missing for a moment changes nothing.
    std::fs::remove_file(folder.path().join("api")).unwrap();
    served.send(Signal::HUP);
    becomes("the log", true, async || served.log().contains("could not read the file of a secret")).await;
    assert_eq!(staff(&served, "api-token-two").await, 200);
    served.terminate().await;
}

fn with_password(url: &str, password: &str) -> String {
    let mut url = reqwest::Url::parse(url).unwrap();
    url.set_password(Some(password)).unwrap();
    url.into()
}

/// A customer whose request is accepted at once.
async fn is_answered(served: &Served, key: &str) {
    let customer = Customer::of(&served.base);
    let accepted = customer.submit("ann@example.com", key, FORGOTTEN).await;
    assert_eq!(accepted.tries, 1, "a request was refused");
    customer.replied(&accepted.ticket(), 1, LIMIT).await;
}

async fn change_password(database: &Client, password: &str) {
    database.batch_execute(&format!("alter role current_user password '{password}'")).await.unwrap();
}

/// Ends every connection of the program, and waits until it has others.
async fn cut(database: &Client) {
    const OTHERS: &str = "from pg_stat_activity where usename = current_user and pid <> pg_backend_pid()";
    database.batch_execute(&format!("select pg_terminate_backend(pid) {OTHERS}")).await.unwrap();
    let gone: String = database.query_one("select clock_timestamp()::text", &[]).await.unwrap().get(0);
    let others = format!("select count(*) {OTHERS} and backend_start > '{gone}'");
    becomes("connections after the cut", true, async || count(database, &others).await > 0).await;
}

/// Connections from before `since` are closed when it is their turn, so that none of them runs a statement any more, except
/// the one that listens for notifications. Those that are made instead do.
async fn no_former_connection_works(database: &Client, since: &str) {
    let now: String = database.query_one("select clock_timestamp()::text", &[]).await.unwrap().get(0);
    let working = |made: &str| {
        format!(
            "select count(*) from pg_stat_activity where usename = current_user and pid <> pg_backend_pid()
             and query not ilike 'listen%' and backend_start {made} '{since}'
             and query_start > timestamptz '{now}' + interval '1 second'"
        )
    };
    let (former, new) = (working("<"), working(">="));
    becomes("new connections work", true, async || count(database, &new).await > 0).await;
    assert_eq!(count(database, &former).await, 0, "a connection with the former login works");
}

/// A server of the test's own: it is the program's role whose password changes. File and role change in either order.
#[tokio::test]
async fn the_password_of_postgresql_is_replaced_without_a_restart() {
    let (data, folder) = (scratch_dir(), tempfile::tempdir().unwrap());
    let postgres = EmbeddedPostgres::start(&settings(data.path())).await.unwrap();
    let (database, file) = (client(postgres.url()).await, folder.path().join("database-url"));
    let rewrite = |password: &str| replace(&file, &with_password(postgres.url(), password));
    replace(&file, postgres.url());
    let variables = [("DATABASE_URL", ""), ("DATABASE_URL_FILE", file.to_str().unwrap())];
    let served = Served::start(postgres.url(), &variables).await;
    let times_logged = async |words: &str| served.log().matches(words).count();
    is_answered(&served, "1").await;

    // The file first: the former password is used until the role has the new one.
    rewrite("rotated-2");
    served.send(Signal::HUP);
    becomes("the refusal in the log", true, async || times_logged("does not work yet").await > 0).await;
    cut(&database).await;
    is_answered(&served, "2").await;
    change_password(&database, "rotated-2").await;
    served.send(Signal::HUP);
    becomes("accepted logins", 1, async || times_logged("accepts the new login").await).await;
    is_answered(&served, "3").await;

    // The role first: open connections go on, and are replaced once the file has the new password.
    change_password(&database, "rotated-3").await;
    let since: String = database.query_one("select clock_timestamp()::text", &[]).await.unwrap().get(0);
    rewrite("rotated-3");
    served.send(Signal::HUP);
    becomes("accepted logins", 2, async || times_logged("accepts the new login").await).await;
    is_answered(&served, "4").await;
    no_former_connection_works(&database, &since).await;
    assert!(!served.log().contains("rotated-2") && !served.log().contains("rotated-3"));
    served.terminate().await;
    remove(postgres).await;
}
