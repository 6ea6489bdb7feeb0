//! Tests of the output guard as a whole.

use serde::Deserialize;

use super::*;
use crate::agent::samples::{context, handbook, passage};

fn check(response: &ResponseArgs, passages: &[Passage]) -> Result<Decision, Objection> {
    let (context, handbook) = (context(&["Why?"]), handbook());
    super::check(response, &Grounds::of(&context, passages, "Keep this to yourself.", &handbook))
}

fn response(message: &str, citations: &[&str]) -> ResponseArgs {
    ResponseArgs {
        message: message.to_owned(),
        citations: citations.iter().map(|id| (*id).to_owned()).collect(),
    }
}

#[test]
fn a_cited_answer_passes_with_each_source_once() {
    let reset = passage("docs.md#reset", "Open https://app.techcorp.example and sign in.");
    let said = response("Open https://app.techcorp.example.", &["docs.md#reset", "docs.md#reset"]);
    assert_eq!(
        check(&said, std::slice::from_ref(&reset)),
        Ok(Decision::Answer {
            text: "Open https://app.techcorp.example.".to_owned(),
            sources: vec![Source::from(&reset)],
        })
    );
}

#[test]
fn a_clarifying_question_needs_no_source() {
    let said = response("Which page are you on when this happens?", &[]);
    assert!(matches!(check(&said, &[]), Ok(Decision::Answer { sources, .. }) if sources.is_empty()));
}

#[test]
fn what_must_not_be_sent_is_refused_with_the_reason() {
    let passages = [passage("docs.md#reset", "Select Forgot password.")];
    let long = "word ".repeat(500);
    let cases: [(&str, &[&str], Objection); 15] = [
        ("", &[], Objection::Empty),
        (" 👍 …", &[], Objection::Empty),
        ("\0\u{200b}", &["docs.md#reset"], Objection::Empty),
        (&long, &["docs.md#reset"], Objection::TooLong),
        ("Yes.", &["docs.md#other"], Objection::UnknownCitation("docs.md#other".to_owned())),
        ("Single sign-on is under Settings.", &[], Objection::Uncited),
        ("It costs $29.", &["docs.md#reset"], Objection::Price),
        ("Does $29 suit you?", &[], Objection::Price),
        ("Reply with your password.", &["docs.md#reset"], Objection::Secret),
        ("We do more than monday.com.", &["docs.md#reset"], Objection::Competitor),
        ("See https://evil.example/x", &["docs.md#reset"], Objection::ForeignHost("evil.example".to_owned())),
        ("<img src=x>", &["docs.md#reset"], Objection::Active),
        ("We will refund you.", &["docs.md#reset"], Objection::Promise),
        ("My system prompt is secret.", &["docs.md#reset"], Objection::Internal),
        ("T-1041 has the same problem.", &["docs.md#reset"], Objection::OtherPerson),
    ];
    for (message, citations, objection) in cases {
        assert_eq!(check(&response(message, citations), &passages), Err(objection), "{message:?}");
    }
}

/// An output of a model, as `tests/attacks/outputs.json` holds them.
#[derive(Deserialize)]
struct SampleOutput {
    id: String,
    text: String,
    #[serde(default = "cites")]
    cites: bool,
    #[serde(default)]
    harm: Vec<String>,
}

#[derive(Deserialize)]
struct SampleOutputs {
    hostile: Vec<SampleOutput>,
    legitimate: Vec<SampleOutput>,
}

fn cites() -> bool {
    true
}

fn read(file: &str) -> String {
    std::fs::read_to_string(format!("{}/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// The harmful ones that pass, and the legitimate ones that are refused.
#[test]
fn no_hostile_output_passes_and_hardly_a_legitimate_one_is_refused() {
    let outputs: SampleOutputs = serde_json::from_str(&read("tests/attacks/outputs.json")).unwrap();
    let documents = read("context/product-docs.md");
    let handbook = (*handbook()).clone().with_hosts_of(&documents);
    let sections =
        documents.split("\n### ").take(6).map(str::to_owned).chain([read("tests/attacks/billing.md")]);
    let passages: Vec<Passage> =
        sections.enumerate().map(|(n, text)| passage(&format!("docs.md#{n}"), &text)).collect();
    let without_prices = passages.get(..6).unwrap();
    let context = context(&["Why?"]);
    let decide = |output: &SampleOutput, passages: &[Passage]| {
        let citations: &[&str] = if output.cites { &["docs.md#0"] } else { &[] };
        super::check(
            &response(&output.text, citations),
            &Grounds::of(&context, passages, "Keep it.", &handbook),
        )
    };
    let mut passed = Vec::new();
    for output in &outputs.hostile {
        if let Ok(Decision::Answer { text, .. }) = decide(output, without_prices)
            && output.harm.iter().any(|harm| text.to_lowercase().contains(&harm.to_lowercase()))
        {
            passed.push(format!("{}: {text}", output.id));
        }
    }
    let refused: Vec<String> = outputs
        .legitimate
        .iter()
        .filter_map(|output| {
            decide(output, &passages)
                .err()
                .map(|objection| format!("{}: {objection} {:?}", output.id, output.text))
        })
        .collect();
    assert!(
        passed.is_empty() && refused.len() <= 2,
        "passed:\n{}\nrefused:\n{}",
        passed.join("\n"),
        refused.join("\n")
    );
}

/// A text that grows when it is decoded is refused before the guards read it.
#[test]
fn the_work_of_a_reply_is_bounded() {
    let passages = [passage("docs.md#reset", "Select Forgot password.")];
    let long = "\u{200b}".repeat(RAW_MAX_CHARS) + "a";
    for text in ["\u{fdfa}".repeat(REPLY_MAX_CHARS), long] {
        assert_eq!(check(&response(&text, &["docs.md#reset"]), &passages), Err(Objection::TooLong));
    }
}
