//! Tests of the inbound webhook's parser.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::domain::customers::consent::OptOutCommand;
use crate::domain::enums::IdentifierKind;

fn ids() -> FreshIds {
    FreshIds {
        message: Uuid::from_u128(1).into(),
        conversation: Uuid::from_u128(2).into(),
        ticket: Uuid::from_u128(3).into(),
        customer: Uuid::from_u128(4).into(),
    }
}

fn message(more: &[(&str, &str)]) -> Form {
    let mut form = Form::from([
        ("MessageSid", "SM0123456789abcdef0123456789abcdef"),
        ("AccountSid", "AC0123456789abcdef0123456789abcdef"),
        ("From", "whatsapp:+4915112345678"),
        ("To", "whatsapp:+14155238886"),
        ("NumMedia", "0"),
        ("SomethingNew", "from next year"),
    ]);
    for (name, value) in more {
        form.push(*name, *value);
    }
    form
}

fn read(more: &[(&str, &str)]) -> Inquiry {
    inbound(&message(more), ids()).unwrap()
}

#[test]
fn a_text_comes_from_an_attested_number() {
    let inquiry = read(&[
        (
            "Body",
            " I would like to know how I can invite a colleague to my workspace, and what they are able to see there. ",
        ),
        ("ProfileName", "Ann\tLee"),
    ]);
    let opening = inquiry.opening().unwrap();
    assert_eq!(inquiry.external_id, "SM0123456789abcdef0123456789abcdef");
    assert_eq!(
        inquiry.text,
        "I would like to know how I can invite a colleague to my workspace, and what they are able to see there."
    );
    assert_eq!(opening.sender.attestation, Attestation::Attested);
    assert_eq!(opening.sender.address.kind(), IdentifierKind::Phone);
    assert_eq!(opening.sender.address.value(), "+4915112345678");
    assert_eq!(opening.sender.name, "Ann Lee");
    assert_eq!(opening.subject, inquiry.text.chars().take(80).collect::<String>());
    let expected = Extras {
        metadata: Some(ChannelMetadata {
            profile_name: Some("Ann Lee".to_owned()),
            ..ChannelMetadata::default()
        }),
        language: Some("en".to_owned()),
        ..Extras::default()
    };
    assert_eq!(inquiry.extras, expected);
}

#[test]
fn without_a_name_the_number_stands_for_it() {
    let inquiry = read(&[("Body", "Hello")]);
    assert_eq!(inquiry.opening().unwrap().sender.name, "+4915112345678");
    assert!(inquiry.extras.is_empty());
}

#[test]
fn buttons_places_and_quotes_are_kept() {
    let inquiry = read(&[
        ("Body", "Yes"),
        ("ButtonText", "Yes"),
        ("ButtonPayload", "confirm-1"),
        ("OriginalRepliedMessageSid", "SM9"),
        ("Latitude", "52.52"),
        ("Longitude", "13.405"),
        ("Label", "Office"),
    ]);
    let expected = ChannelMetadata {
        profile_name: None,
        button: Some(Button { text: "Yes".to_owned(), payload: "confirm-1".to_owned() }),
        location: Some(Location {
            latitude: "52.52".to_owned(),
            longitude: "13.405".to_owned(),
            label: Some("Office".to_owned()),
            address: None,
        }),
        reply_to: Some("SM9".to_owned()),
        unsupported: None,
        mail: None,
    };
    assert_eq!(inquiry.extras.metadata, Some(expected));
    assert_eq!(inquiry.text, "Yes");
    assert_eq!(read(&[("Latitude", "52.52"), ("Longitude", "13.4")]).text, "Location: 52.52, 13.4");
    assert_eq!(read(&[("Latitude", "north"), ("Longitude", "13.4")]).extras.metadata, None);
}

#[test]
fn files_are_listed_and_a_photo_needs_no_words() {
    let inquiry = read(&[
        ("Body", ""),
        ("NumMedia", "2"),
        ("MediaUrl0", "https://api.twilio.com/a"),
        ("MediaContentType0", "image/jpeg"),
        ("MediaUrl1", "https://api.twilio.com/b"),
    ]);
    // The first NumMedia counts, as for every duplicate field.
    assert_eq!(inquiry.extras.attachments, Vec::new());
    let mut form = message(&[]);
    form = Form::decode(form.encode().replace("NumMedia=0", "NumMedia=3").as_bytes());
    form.push("MediaUrl0", "https://api.twilio.com/a");
    form.push("MediaContentType0", "image/jpeg");
    form.push("MediaUrl2", "https://api.twilio.com/c");
    let inquiry = inbound(&form, ids()).unwrap();
    let attachment = |url: &str, content_type: &str| AttachmentRef {
        source: AttachmentSource::Url(url.to_owned()),
        content_type: content_type.to_owned(),
    };
    assert_eq!(
        inquiry.extras.attachments,
        [attachment("https://api.twilio.com/a", "image/jpeg"), attachment("https://api.twilio.com/c", "")]
    );
    assert_eq!(
        (inquiry.text.as_str(), inquiry.opening().unwrap().subject.as_str()),
        ("", "WhatsApp message")
    );
}

#[test]
fn an_order_to_stop_is_noticed() {
    assert_eq!(read(&[("Body", "STOP")]).extras.opt_out, Some(OptOutCommand::Stop));
    assert_eq!(read(&[("Body", "How do I stop the timer?")]).extras.opt_out, None);
}

#[test]
fn what_is_no_whatsapp_message_is_refused() {
    for (from, sid) in
        [("+4915112345678", "SM1"), ("whatsapp:4915112345678", "SM1"), ("whatsapp:+4915112345678", "")]
    {
        let form = Form::from([("From", from), ("MessageSid", sid), ("Body", "x")]);
        assert!(
            matches!(inbound(&form, ids()), Err(InvalidForm::Invalid(errors)) if errors.len() == 1),
            "{from} {sid}"
        );
    }
}

proptest! {
    #[test]
    fn whatever_a_form_holds_the_records_can_keep_it(
        body in ".{0,300}", name in ".*", button in ".*", url in ".*", label in ".*", count in "[0-9]{0,3}",
    ) {
        let form = Form::from([
            ("MessageSid", "SM1"), ("From", "whatsapp:+4915112345678"), ("Body", &body), ("ProfileName", &name),
            ("ButtonText", &button), ("NumMedia", &count), ("MediaUrl0", &url), ("Label", &label),
            ("Latitude", "1"), ("Longitude", "2"), ("MediaContentType0", &label),
        ]);
        let inquiry = inbound(&form, ids()).unwrap();
        let kept = serde_json::to_string(&inquiry.extras).unwrap();
        prop_assert!(!kept.contains("\\u0000") && !inquiry.text.contains('\0'));
        let opening = inquiry.opening().unwrap();
        prop_assert!((1..=200).contains(&opening.sender.name.chars().count()));
        prop_assert!((1..=998).contains(&opening.subject.chars().count()));
        prop_assert!(inquiry.extras.attachments.len() <= 1);
        prop_assert_eq!(inbound(&form, ids()), Ok(inquiry));
    }
}

#[test]
fn a_user_without_a_number_is_known_by_their_id() {
    let form =
        Form::from([("MessageSid", "SM1"), ("From", "whatsapp:US.13491208655302741918"), ("Body", "Hi")]);
    let inquiry = inbound(&form, ids()).unwrap();
    let sender = &inquiry.opening().unwrap().sender;
    assert_eq!(sender.address.kind(), IdentifierKind::ProviderUser);
    assert_eq!(sender.address.value(), "whatsapp:US.13491208655302741918");
    assert_eq!(written(&sender.address).as_deref(), Some("whatsapp:US.13491208655302741918"));
}

#[test]
fn only_addresses_of_the_channel_can_be_written_to() {
    let phone = Phone::parse("+4915112345678").map(Address::Phone).unwrap();
    assert_eq!(written(&phone).as_deref(), Some("whatsapp:+4915112345678"));
    let other = Address::ProviderUser(ProviderUser::parse("email:ann").unwrap());
    assert_eq!(written(&other), None);
}

#[test]
fn a_blank_in_place_of_the_plus_is_the_plus() {
    let form = Form::decode(b"MessageSid=SM1&From=whatsapp:+4915112345678&Body=Hi");
    let sender = inbound(&form, ids()).unwrap().opening().unwrap().sender.clone();
    assert_eq!(sender.address.value(), "+4915112345678");
}

#[test]
fn the_answers_of_a_form_are_the_text() {
    let pages = r#"{"pages":[{"page_id":"a","items":[{"label":"Your name","type":"TEXT_INPUT","value":"Ann"},
        {"label":"Topics","value":["Export","Import"]}]}]}"#;
    let inquiry = read(&[("MessageType", "interactive"), ("Body", "Sent"), ("InteractiveData", pages)]);
    assert_eq!(inquiry.text, "Your name: Ann\nTopics: Export, Import");
    assert_eq!(inquiry.extras.metadata, None);
    let reply = r#"{"nfm_reply":{"name":"flow","body":"Sent",
        "response_json":"{\"flow_token\":\"secret\",\"date\":\"2026-05-01\",\"guests\":{\"adults\":2}}"}}"#;
    let inquiry = read(&[("Body", "My booking"), ("InteractiveData", reply)]);
    assert_eq!(inquiry.text, "My booking\ndate: 2026-05-01\nguests adults: 2");
}

#[test]
fn a_message_that_the_provider_could_not_pass_on_is_marked() {
    let kind = |more: &[(&str, &str)]| read(more).extras.metadata.and_then(|metadata| metadata.unsupported);
    for name in ["unsupported", "poll", "order", "contacts", "interactive"] {
        assert_eq!(kind(&[("MessageType", name)]).as_deref(), Some(name));
    }
    for more in [
        &[("MessageType", "text"), ("Body", " ")][..],
        &[("MessageType", "reaction")],
        &[("MessageType", "unsupported"), ("Body", "Hello")],
        &[("MessageType", "location"), ("Latitude", "1"), ("Longitude", "2")],
        &[("MessageType", "button"), ("ButtonText", "Yes")],
        &[],
    ] {
        assert_eq!(kind(more), None, "{more:?}");
    }
}
