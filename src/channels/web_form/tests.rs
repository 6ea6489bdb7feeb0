//! Tests of the web form's parser: from bytes to an inquiry or a list of errors.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;

fn ids() -> FreshIds {
    FreshIds {
        message: Uuid::from_u128(1).into(),
        conversation: Uuid::from_u128(2).into(),
        ticket: Uuid::from_u128(3).into(),
        customer: Uuid::from_u128(4).into(),
    }
}

fn form() -> Value {
    json!({
        "name": "Ann Lee",
        "email": "Ann@Example.com",
        "subject": "Cannot sign in",
        "category": "technical",
        "message": "I forgot my password.\nWhat now?",
    })
}

fn form_with(field: &str, value: impl Into<Value>) -> Value {
    let mut form = form();
    form[field] = value.into();
    form
}

fn read(form: &Value, key: Option<&str>) -> Result<Inquiry, InvalidForm> {
    submission(form.to_string().as_bytes(), key.map(str::as_bytes), ids())
}

/// The names of the fields with errors.
fn field_errors<T: std::fmt::Debug>(read: Result<T, InvalidForm>) -> Vec<String> {
    match read {
        Err(InvalidForm::Invalid(errors)) => {
            errors.into_iter().map(|error| error.field.into_owned()).collect()
        }
        other => panic!("not invalid: {other:?}"),
    }
}

#[test]
fn a_submission_becomes_an_inquiry_with_a_conversation_of_its_own() {
    let form = form_with("phone", "+4915112345678");
    let inquiry = read(&form, None).unwrap();
    let expected = Inquiry {
        message: ids().message,
        channel: Channel::WebForm,
        external_id: ids().message.to_string(),
        fingerprint: inquiry.fingerprint,
        text: "I forgot my password.\nWhat now?".to_owned(),
        thread: Thread::Opens(Box::new(Opening {
            conversation: ids().conversation,
            ticket: ids().ticket,
            customer: ids().customer,
            sender: Sender {
                address: Address::Email(Email::parse("ann@example.com").unwrap()),
                attestation: Attestation::Unverified,
                name: "Ann Lee".to_owned(),
            },
            subject: "Cannot sign in".to_owned(),
            category: Category::Technical,
            priority: Priority::Medium,
            contact_phone: Some(Phone::parse("+4915112345678").unwrap()),
        })),
        extras: Extras::default(),
    };
    assert_eq!(inquiry, expected);
}

#[test]
fn a_follow_up_continues_its_ticket_and_may_be_one_word() {
    let ticket = TicketId(Uuid::from_u128(9));
    let inquiry = follow_up(br#"{"message":" Yes "}"#, None, ticket, ids().message).unwrap();
    assert_eq!(inquiry.thread, Thread::Continues(ticket));
    assert_eq!(inquiry.text, "Yes");
    assert_eq!(inquiry.external_id, ids().message.to_string());
    for body in [json!({}), json!({"message": " "}), json!({"message": "a".repeat(10_001)})] {
        let read = follow_up(body.to_string().as_bytes(), None, ticket, ids().message);
        assert_eq!(field_errors(read), ["message"], "{body}");
    }
}

#[test]
fn lengths_count_characters_after_trimming() {
    let cases = [("name", 1, 100), ("subject", 5, 200), ("message", 10, 10_000)];
    for (field, least, most) in cases {
        for (chars, fits) in [(least - 1, false), (least, true), (most, true), (most + 1, false)] {
            let value = format!("  {} ", "ü".repeat(chars));
            assert_eq!(read(&form_with(field, value), None).is_ok(), fits, "{field} of {chars}");
        }
    }
}

#[test]
fn a_wrong_value_is_an_error_of_its_field() {
    let long_email = format!("{}@{}.example.com", "a".repeat(60), "b".repeat(190));
    let cases: Vec<(&str, Value)> = vec![
        ("name", Value::Null),
        ("name", json!(7)),
        ("name", json!("Ann\r\nBcc: all@example.com")),
        ("name", json!("Ann\n")),
        ("name", json!("Ann\u{0}Lee")),
        ("email", json!("ann")),
        ("email", json!("ann@host")),
        ("email", json!("Ann <ann@example.com>")),
        ("email", json!("ann@[127.0.0.1]")),
        ("email", json!("ann@example.com\n")),
        ("email", json!(long_email)),
        ("email", json!(["ann@example.com"])),
        ("subject", json!("Sign-in\nfails")),
        ("subject", json!({"a": 1})),
        ("category", json!("sales")),
        ("category", json!("Technical")),
        ("priority", json!("urgent")),
        ("priority", json!(true)),
        ("message", json!("too short")),
        ("message", json!("a NUL \u{0} in the text")),
        ("phone", json!("015112345678")),
        ("name", json!("\u{200b}\u{200d}\u{3164}")),
        ("name", json!("\u{2800}")),
        ("subject", json!("\u{ad}\u{ad}\u{ad}\u{ad}\u{ad}\u{ad}")),
        ("message", json!("\u{200b}".repeat(20))),
        ("message", json!("\u{e0041}\u{2060} \u{feff}".repeat(9))),
        ("message", json!("\u{1b}[31m".repeat(9))),
        ("surname", json!("Lee")),
    ];
    for (field, value) in cases {
        assert_eq!(field_errors(read(&form_with(field, value.clone()), None)), [field], "{value}");
    }
}

#[test]
fn all_errors_come_at_once() {
    let body = json!({"name": "", "email": 1, "category": "x", "priority": "x", "phone": "x", "zip": 1});
    let fields = ["name", "email", "subject", "category", "priority", "message", "phone"];
    let expected: Vec<&str> = fields.into_iter().chain([IDEMPOTENCY_KEY, "zip"]).collect();
    assert_eq!(field_errors(read(&body, Some(""))), expected);
}

#[test]
fn a_body_that_is_no_object_is_refused() {
    for body in ["null", "[]", "7", "\"name\"", "true"] {
        assert_eq!(field_errors(submission(body.as_bytes(), None, ids())), ["body"], "{body}");
    }
    for body in [&b""[..], b"{", b"{\"name\":\"\xff\"}", b"name=Ann", b"{\"name\":\"\\ud800\"}"] {
        let read = submission(body, None, ids());
        assert!(matches!(read, Err(InvalidForm::Malformed(_))), "{body:?}: {read:?}");
    }
}

#[test]
fn what_a_terminal_prints_is_kept_without_its_controls() {
    let inquiry =
        read(&form_with("message", "\u{1b}[31mError:\u{1b}[0m 1\u{c}\u{9b}2J\u{7} of 2\u{85}"), None)
            .unwrap();
    assert_eq!(inquiry.text, "Error: 1 of 2");
}

#[test]
fn a_phone_that_was_not_typed_is_absent() {
    for phone in ["", "  "] {
        let inquiry = read(&form_with("phone", phone), None).unwrap();
        assert_eq!(inquiry.opening().unwrap().contact_phone, None);
    }
}

#[test]
fn one_character_is_a_name() {
    for name in ["李", "Ó", "A", "م"] {
        assert_eq!(read(&form_with("name", name), None).unwrap().opening().unwrap().sender.name, name);
    }
}

#[test]
fn both_spellings_of_an_internationalised_domain_are_one_customer() {
    let address =
        |email| read(&form_with("email", email), None).unwrap().opening().unwrap().sender.address.clone();
    assert_eq!(address("ann@bücher.example"), address("Ann@xn--bcher-kva.example"));
}

#[test]
fn a_field_given_twice_is_an_error() {
    let body = form().to_string().replacen('{', r#"{"email":"eve@example.com","name":"Eve","#, 1);
    assert_eq!(field_errors(submission(body.as_bytes(), None, ids())), ["email", "name"]);
    let ticket = TicketId(Uuid::from_u128(9));
    let twice = br#"{"message":"Yes","message":"No"}"#;
    assert_eq!(field_errors(follow_up(twice, None, ticket, ids().message)), ["message"]);
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_body() {
    let body = format!("\u{feff}{}", form());
    assert_eq!(submission(body.as_bytes(), Some(b"1"), ids()), read(&form(), Some("1")));
}

#[test]
fn thousands_of_unknown_fields_get_few_errors() {
    let mut form = form();
    for n in 0..1000 {
        form[format!("{n}{}", "x".repeat(200))] = json!(1);
    }
    let named = field_errors(read(&form, None));
    assert_eq!(named.len(), 20);
    assert!(named.iter().all(|name| name.len() == 100));
}

#[test]
fn a_key_has_visible_ascii_only() {
    for key in ["1", "!~", &"k".repeat(255)] {
        assert!(read(&form(), Some(key)).is_ok(), "{key:?}");
    }
    for key in ["", " ", "a b", "a\tb", "ä", &"k".repeat(256)] {
        assert_eq!(field_errors(read(&form(), Some(key))), [IDEMPOTENCY_KEY], "{key:?}");
    }
}

#[test]
fn a_key_counts_within_its_scope_only() {
    let ann = read(&form(), Some("1")).unwrap();
    let same = read(&form_with("email", "ann@example.COM "), Some("1")).unwrap();
    assert_eq!(ann.external_id, same.external_id);
    let continued = |ticket: u128| {
        let ticket = TicketId(Uuid::from_u128(ticket));
        follow_up(br#"{"message":"Yes"}"#, Some(b"1"), ticket, ids().message).unwrap()
    };
    let others = [
        read(&form_with("email", "bob@example.com"), Some("1")).unwrap(),
        read(&form(), Some("2")).unwrap(),
        read(&form(), None).unwrap(),
        continued(1),
        continued(2),
    ];
    for (n, other) in others.iter().enumerate() {
        assert_ne!(ann.external_id, other.external_id, "{n}");
        assert!(others[n + 1..].iter().all(|next| next.external_id != other.external_id), "{n}");
    }
}

#[test]
fn the_fingerprint_covers_every_field() {
    let first = read(&form(), None).unwrap().fingerprint;
    let same = [
        form_with("priority", "medium"),
        form_with("priority", Value::Null),
        form_with("phone", Value::Null),
        form_with("message", " I forgot my password.\nWhat now? "),
    ];
    for form in same {
        assert_eq!(read(&form, None).unwrap().fingerprint, first, "{form}");
    }
    let other = [
        form_with("name", "Ann Leigh"),
        form_with("email", "bob@example.com"),
        form_with("subject", "Cannot sign out"),
        form_with("category", "general"),
        form_with("priority", "high"),
        form_with("message", "I forgot my user name."),
        form_with("phone", "+4915112345678"),
    ];
    for form in other {
        assert_ne!(read(&form, None).unwrap().fingerprint, first, "{form}");
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,40}".prop_map(Value::from),
        Just(json!("ann@example.com")),
        Just(json!("technical")),
    ];
    leaf.prop_recursive(2, 12, 6, |inner| {
        let field = prop_oneof!["name|email|subject|category|priority|message|phone", ".{0,8}"];
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((field, inner), 0..8)
                .prop_map(|fields| Value::Object(fields.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

proptest! {
    #[test]
    fn no_json_makes_it_panic_and_no_refusal_is_empty(body in any_json(), key in ".{0,10}") {
        match submission(body.to_string().as_bytes(), Some(key.as_bytes()), ids()) {
            Err(InvalidForm::Invalid(errors)) => prop_assert!(!errors.is_empty()),
            Err(InvalidForm::Malformed(reason)) => prop_assert!(false, "{}", reason),
            Ok(_) => {}
        }
    }

    #[test]
    fn no_bytes_make_it_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = submission(&body, Some(&body), ids());
        let _ = follow_up(&body, None, TicketId(Uuid::from_u128(9)), ids().message);
    }

    #[test]
    fn neither_order_nor_white_space_makes_another_request(
        order in Just(form().as_object().unwrap().clone().into_iter().collect::<Vec<_>>()).prop_shuffle(),
        space in "[ \n\t]{0,5}",
    ) {
        let pairs: Vec<String> =
            order.iter().map(|(name, value)| format!("{space}{}:{space}{value}", json!(name))).collect();
        let body = format!("{{{}{space}}}", pairs.join(","));
        prop_assert_eq!(submission(body.as_bytes(), Some(b"1"), ids()), read(&form(), Some("1")));
    }
}
