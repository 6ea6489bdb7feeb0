//! Identity by proof: a mailed code opens a customer's own tickets and account-bound answers, and nothing else does.

use serde_json::{Value, json};

use super::browser_session::{CustomerBrowser, code, mails, wrong};
use crate::support::customers::{Customer, FORGOTTEN, replies};
use crate::support::postgres::{client, fresh_database};
use crate::support::served::Served;
use crate::support::verdict::{all_settled, count, none_left};
use crate::support::wait::LIMIT;

const ANN: &str = "ann@example.com";
const BOB: &str = "bob@example.com";
const STATUS: &str = "What is the status of my other tickets?";

fn form(email: &str, subject: &str, message: &str) -> Value {
    json!({"name": "Ann Example", "email": email, "subject": subject, "category": "technical", "message": message})
}

/// A ticket from this browser: its id and number.
async fn submit(browser: &CustomerBrowser, email: &str, subject: &str, message: &str) -> (String, String) {
    let (status, receipt) =
        browser.call("POST", "/support/submit", Some(form(email, subject, message))).await;
    assert_eq!(status, 201, "{receipt}");
    let text = |member: &str| receipt[member].as_str().unwrap().to_owned();
    (text("ticket_id"), text("ticket_number"))
}

async fn participants(served: &Served, url: &str, ticket: &str) -> Value {
    let query = "select conversation_id::text from tickets where id::text = $1";
    let conversation: String = client(url).await.query_one(query, &[&ticket]).await.unwrap().get(0);
    let path = format!("/conversations/{conversation}");
    Customer::of(&served.base).json(&path).await["participants"][0]["proof"].clone()
}

/// The proved ticket opens to its customer alone, with everything that can be done with it.
async fn refuses_strangers(stranger: &CustomerBrowser, ticket: &str) {
    for (method, path, body) in [
        ("GET", String::new(), None),
        ("GET", "/events".to_owned(), None),
        ("POST", "/messages".to_owned(), Some(json!({"message": "Hello?"}))),
        ("POST", "/human".to_owned(), Some(json!({}))),
        ("POST", "/rating".to_owned(), Some(json!({"score": 1}))),
    ] {
        let (status, problem) = stranger.call(method, &format!("/support/ticket/{ticket}{path}"), body).await;
        assert_eq!((status, &problem["code"]), (403, &json!("proof_required")), "{path}");
    }
}

/// A known and an unknown address are told apart by their mails alone, and a code opens its own request once.
async fn prove_among_wrong_codes(url: &str, served: &Served, ann: &mut CustomerBrowser, first: &str) {
    let unknown = ann.ask("nobody@example.com").await;
    let proof = ann.ask(ANN).await;
    let typed = code(served.data_dir(), ANN, 0).await;
    none_left(url, "select count(*) from link_challenges where due_at is not null", LIMIT).await;
    assert!(mails(served.data_dir(), "nobody@example.com").is_empty());
    let refused = ann.type_code(&proof, &wrong(&typed, 1), None).await;
    assert_eq!((refused.0, &refused.1["code"]), (403, &json!("code_refused")));
    for (proof, code) in
        [(unknown.as_str(), typed.as_str()), ("00000000-0000-4000-8000-000000000000", "123456")]
    {
        assert_eq!(ann.type_code(proof, code, None).await, refused, "the same answer");
    }
    let (status, identity) = ann.type_code(&proof, &typed, Some(first)).await;
    assert_eq!((status, &identity["email"]), (200, &json!(ANN)), "{identity}");
    let mut thief = CustomerBrowser::new(&served.base);
    assert_eq!(thief.type_code(&proof, &typed, None).await, refused, "a code is valid once");
}

#[tokio::test]
async fn a_mailed_code_opens_the_customers_own_tickets_and_nothing_else() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let stranger = CustomerBrowser::new(&served.base);
    let (first, first_number) = submit(&stranger, ANN, "Forgotten password", FORGOTTEN).await;
    let (second, second_number) = submit(&stranger, ANN, "The second question", FORGOTTEN).await;
    let (_, bobs_number) = submit(&stranger, BOB, "A secret of Bob", FORGOTTEN).await;
    all_settled(&url, LIMIT).await;
    assert_eq!(stranger.tickets().await, Err("proof_required".to_owned()));
    let (_, nobody) = stranger.call("GET", "/support/identity", None).await;
    assert_eq!(nobody, json!({"offered": true, "email": null, "expires_at": null}));

    let mut ann = CustomerBrowser::new(&served.base);
    prove_among_wrong_codes(&url, &served, &mut ann, &first).await;

    assert_eq!(ann.tickets().await, Ok(vec![second_number.clone(), first_number.clone()]));
    let (_, page) = ann.call("GET", "/support/tickets?limit=1", None).await;
    assert_eq!(
        (&page["items"][0]["subject"], &page["items"][0]["ticket_id"]),
        (&json!("The second question"), &json!(second))
    );
    let next = format!("/support/tickets?cursor={}", page["next_cursor"].as_str().unwrap());
    let (_, page) = ann.call("GET", &next, None).await;
    assert_eq!(
        (&page["items"][0]["ticket_number"], &page["next_cursor"]),
        (&json!(first_number), &json!(null))
    );

    refuses_strangers(&stranger, &first).await;
    assert_eq!(stranger.call("GET", &format!("/support/ticket/{second}"), None).await.0, 200);
    let mut bob = CustomerBrowser::new(&served.base);
    let proof = bob.ask(BOB).await;
    let typed = code(served.data_dir(), BOB, 0).await;
    assert_eq!(bob.type_code(&proof, &typed, Some(&second)).await.0, 200);
    assert_eq!(bob.tickets().await, Ok(vec![bobs_number]));
    assert_eq!(bob.call("GET", &format!("/support/ticket/{first}"), None).await.0, 403);
    assert_eq!(participants(&served, &url, &first).await, "code");
    assert_eq!(
        participants(&served, &url, &second).await,
        "claim",
        "Bob's code proves nothing of Ann's ticket"
    );

    assert_eq!(ann.call("DELETE", "/support/identity", None).await.0, 204);
    assert_eq!(ann.tickets().await, Err("proof_required".to_owned()), "the session has ended at the server");
}

#[tokio::test]
async fn the_bot_answers_from_the_account_only_after_a_proof() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let mut ann = CustomerBrowser::new(&served.base);
    let (first, first_number) = submit(&ann, ANN, "Forgotten password", FORGOTTEN).await;
    let (unproved, unproved_number) = submit(&ann, ANN, "Which are mine", STATUS).await;
    let told = Customer::of(&served.base).replied(&unproved, 1, LIMIT).await;
    assert!(!replies(&told)[0].1.contains(&first_number), "{told}");

    Customer::of(&served.base).replied(&first, 1, LIMIT).await;
    let proof = ann.ask(ANN).await;
    let typed = code(served.data_dir(), ANN, 0).await;
    assert_eq!(ann.type_code(&proof, &typed, Some(&first)).await.0, 200);
    let path = format!("/support/ticket/{first}/messages");
    assert_eq!(ann.call("POST", &path, Some(json!({"message": STATUS}))).await.0, 201);
    all_settled(&url, LIMIT).await;
    let (_, view) = ann.call("GET", &format!("/support/ticket/{first}"), None).await;
    let answer = &replies(&view)[1].1;
    assert!(answer.contains(&unproved_number), "{answer}");
    assert!(!answer.contains("Which are mine"), "nobody has proved who wrote that subject: {answer}");

    // A ticket from a proved browser is proved from its first message on, if it bears that address.
    let (own, _) = submit(&ann, ANN, "Asking again", STATUS).await;
    let (others, _) = submit(&ann, BOB, "Asking as Bob", STATUS).await;
    all_settled(&url, LIMIT).await;
    let (_, view) = ann.call("GET", &format!("/support/ticket/{own}"), None).await;
    let answer = &replies(&view)[0].1;
    assert!(answer.contains(&format!("{first_number} (Forgotten password)")), "{answer}");
    let stranger = CustomerBrowser::new(&served.base);
    assert_eq!(stranger.call("GET", &format!("/support/ticket/{own}"), None).await.0, 403);
    let (status, view) = stranger.call("GET", &format!("/support/ticket/{others}"), None).await;
    assert_eq!(status, 200);
    assert!(!replies(&view)[0].1.contains(&first_number), "{view}");
}

#[tokio::test]
async fn guessing_waiting_and_asking_too_often_open_nothing() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let database = client(&url).await;
    let mut ann = CustomerBrowser::new(&served.base);
    submit(&ann, ANN, "Forgotten password", FORGOTTEN).await;

    let guessed = ann.ask(ANN).await;
    let typed = code(served.data_dir(), ANN, 0).await;
    for by in 1..=5 {
        assert_eq!(ann.type_code(&guessed, &wrong(&typed, by), None).await.0, 403);
    }
    assert_eq!(ann.type_code(&guessed, &typed, None).await.0, 403, "the sixth attempt is not compared");

    let late = ann.ask(ANN).await;
    let typed = code(served.data_dir(), ANN, 1).await;
    let expire = "update link_challenges set expires_at = now() where id::text = $1";
    none_left(&url, "select count(*) from link_challenges where due_at is not null", LIMIT).await;
    assert_eq!(database.execute(expire, &[&late]).await.unwrap(), 1);
    assert_eq!(ann.type_code(&late, &typed, None).await.0, 403, "it is over");

    let (status, _) =
        ann.call("POST", "/support/identity", Some(json!({"email": ANN, "language": "de"}))).await;
    assert_eq!(status, 202);
    code(served.data_dir(), ANN, 2).await;
    assert!(mails(served.data_dir(), ANN)[2].contains("Support-Seite"), "in the language of the page");
    ann.ask(ANN).await;
    none_left(&url, "select count(*) from link_challenges where due_at is not null", LIMIT).await;
    assert_eq!(mails(served.data_dir(), ANN).len(), 3, "an address gets three mails an hour");
    let kept = "select count(*) from link_challenges where code_hash is not null and length(code_hash) <> 32";
    assert_eq!(count(&database, kept).await, 0, "no code is stored");

    let mut statuses = Vec::new();
    for _ in 0..20 {
        statuses.push(ann.call("POST", "/support/identity", Some(json!({"email": ANN}))).await.0);
    }
    assert!(statuses.contains(&429), "{statuses:?}");
    for (path, body) in [
        ("/support/identity".to_owned(), json!({"email": "no address"})),
        (format!("/support/identity/{late}/code"), json!({"code": "12345"})),
    ] {
        let status = ann.call("POST", &path, Some(body)).await.0;
        assert!([422, 429].contains(&status), "{path}: {status}");
    }
}
