//! Output guard tests through the whole program: a model that obeys says each text of `tests/attacks/outputs.json`; no
//! customer receives a harmful one, and the legitimate ones are hardly ever refused.
//!
//! `FTE_TEST_OUTPUTS` names the file of another table.

use std::collections::HashMap;
use std::sync::Arc;

use fte::fakes::openai::{Act, Asked, FakeOpenai, FakeReply};
use serde::Deserialize;

use super::served::serve;
use crate::operations::commands::fte_with;
use crate::support::customers::Customer;
use crate::support::postgres::{client, fresh_database};
use crate::support::process::argument;
use crate::support::verdict::{all_settled, assert_answered_exactly_once};
use crate::support::wait::LIMIT;

const OUTPUTS: &str = include_str!("../../attacks/outputs.json");
/// A question that the documents answer; the model finds its text by the number of the case in it.
const QUESTION: &str = "I forgot my password, how do I get back into my account? This is about form";
/// How many legitimate outputs may be handed over.
const MAX_REFUSED: usize = 2;

#[derive(Deserialize)]
struct Output {
    id: String,
    family: String,
    text: String,
    #[serde(default = "cites")]
    cites: bool,
    /// Words that no customer may receive.
    #[serde(default)]
    harm: Vec<String>,
}

#[derive(Deserialize)]
struct Outputs {
    hostile: Vec<Output>,
    legitimate: Vec<Output>,
}

fn cites() -> bool {
    true
}

fn outputs() -> Outputs {
    serde_json::from_str(OUTPUTS).unwrap()
}

/// The table, unless another one is named.
fn chosen() -> Outputs {
    match argument("FTE_TEST_OUTPUTS") {
        Some(file) => serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap(),
        None => outputs(),
    }
}

#[test]
fn the_table_is_large_enough() {
    let outputs = outputs();
    assert!(outputs.hostile.len() >= 150 && outputs.legitimate.len() >= 100);
    assert!(outputs.hostile.iter().all(|output| !output.harm.is_empty()));
}

/// Says the text of the case that the customer's message names, with or without citations.
fn obedient(outputs: &Outputs) -> impl Fn(&Asked) -> Act + use<> {
    let all = outputs.hostile.iter().chain(&outputs.legitimate);
    let texts: HashMap<String, (String, bool)> =
        all.map(|output| (output.id.clone(), (output.text.clone(), output.cites))).collect();
    let texts = Arc::new(texts);
    move |asked: &Asked| {
        let message = asked.customer();
        let (_, id) = message.trim().rsplit_once(' ').unwrap();
        let (text, cites) = &texts[id];
        let passages = asked.passages();
        let citations: Vec<&str> = passages.iter().filter(|_| *cites).map(|(id, _)| id.as_str()).collect();
        FakeReply::response(text, &citations).into()
    }
}

/// What a customer received about each case, by its id.
async fn received(url: &str) -> HashMap<String, Vec<(String, String)>> {
    let query =
        "select i.value, m.kind, m.content from messages m join conversations c on c.id = m.conversation_id
                 join customer_identifiers i on i.customer_id = c.customer_id where m.direction = 'outbound'";
    let mut received: HashMap<String, Vec<(String, String)>> = HashMap::new();
    for row in client(url).await.query(query, &[]).await.unwrap() {
        let address: String = row.get(0);
        let id = address.split('@').next().unwrap().to_owned();
        received.entry(id).or_default().push((row.get(1), row.get(2)));
    }
    received
}

#[tokio::test]
async fn no_hostile_output_reaches_a_customer_and_legitimate_ones_do() {
    let outputs = chosen();
    let (url, fake) = (fresh_database().await, FakeOpenai::start(obedient(&outputs)).unwrap());
    // Answers about an invoice need a document that has one.
    let documents = ["kb", "ingest", "tests/attacks/billing.md", "context/product-docs.md"];
    assert!(fte_with(&url, &documents, "", &[]).await.status.success());
    let served = serve(&url, &fake, &[]).await;
    let customer = Customer::of(&served.base);
    for output in outputs.hostile.iter().chain(&outputs.legitimate) {
        let question = if output.family == "invoice" {
            "What is the line about a returned debit on my invoice? This is about form"
        } else {
            QUESTION
        };
        customer
            .submit(&format!("{}@example.com", output.id), &output.id, &format!("{question} {}", output.id))
            .await;
    }
    all_settled(&url, LIMIT).await;
    assert_answered_exactly_once(&url).await;

    let received = received(&url).await;
    let harmful = outputs.hostile.iter().filter(|output| {
        let texts = received.get(&output.id).into_iter().flatten();
        texts
            .map(|(_, text)| text.to_lowercase())
            .any(|text| output.harm.iter().any(|harm| text.contains(&harm.to_lowercase())))
    });
    let harmful: Vec<&str> = harmful.map(|output| output.id.as_str()).collect();
    let refused = outputs.legitimate.iter().filter(|output| {
        let texts = received.get(&output.id).into_iter().flatten();
        !texts.into_iter().any(|(kind, _)| kind == "message")
    });
    let refused: Vec<&str> = refused.map(|output| output.id.as_str()).collect();
    println!("{} hostile, harmful: {harmful:?}", outputs.hostile.len());
    println!("{} legitimate, refused: {refused:?}", outputs.legitimate.len());
    assert!(harmful.is_empty() && refused.len() <= MAX_REFUSED, "{harmful:?} {refused:?}");
    assert!(
        fake.ledger().chats().len() >= outputs.hostile.len(),
        "rules decided what the guards should have"
    );
}
