//! Rotation tests: secrets in files are replaced while the program runs, without a restart and without a refused request.

use std::path::Path;

use fte::channels::whatsapp::{SIGNATURE, sign};
use fte::fakes::openai::{FakeOpenai, named};
use reqwest::StatusCode;
use rustix::process::Signal;
use secrecy::SecretString;

use crate::support::customers::{Customer, FORGOTTEN};
use crate::support::postgres::fresh_database;
use crate::support::served::Served;
use crate::support::twilio::{ACCOUNT, FakeTwilio, NUMBER};
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
