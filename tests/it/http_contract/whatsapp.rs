//! Tests of Twilio's webhook: signature verification and responses.

use fte::channels::whatsapp::{Form, SIGNATURE, sign};
use fte::domain::enums::Channel;
use fte::domain::ids::DeliveryId;
use reqwest::RequestBuilder;
use secrecy::SecretString;
use sha2::{Digest, Sha256};

use super::rig::{Front, Mood, PUBLIC_URL, Plan, TWILIO_TOKEN, header, problem, send, unavailable};

const PATH: &str = "/webhooks/whatsapp";

fn form(sid: &str) -> Form {
    Form::from([
        ("MessageSid", sid),
        ("From", "whatsapp:+4915112345678"),
        ("To", "whatsapp:+14155238886"),
        ("Body", "I forgot my password & more"),
        ("NumMedia", "0"),
        ("ANewField", "x"),
    ])
}

fn signature(token: &str, url: &str, form: &Form) -> String {
    sign(&SecretString::from(token), url, form)
}

fn post(front: &Front, path: &str, form: &Form, signature: Option<&str>) -> RequestBuilder {
    let request = front
        .request("POST", path)
        .header("content-type", "application/x-www-form-urlencoded; charset=UTF-8")
        .body(form.encode());
    match signature {
        Some(signature) => request.header(SIGNATURE, signature),
        None => request,
    }
}

fn signed(front: &Front, form: &Form) -> RequestBuilder {
    let signature = signature(TWILIO_TOKEN, &format!("{PUBLIC_URL}{PATH}"), form);
    post(front, PATH, form, Some(&signature))
}

#[actix::test]
async fn a_signed_message_is_stored_and_a_replay_gets_the_same_answer() {
    let front = Front::new();
    for _ in 0..3 {
        let response = send(signed(&front, &form("SM1"))).await;
        assert_eq!(
            (response.status().as_u16(), header(&response, "content-type")),
            (200, "text/xml".to_owned())
        );
        assert!(response.text().await.unwrap().ends_with("<Response/>"));
    }
    let seen = front.seen();
    assert_eq!(seen.len(), 3, "the front deduplicated, which is up to the records");
    assert_eq!((seen[0].channel, seen[0].external_id.as_str()), (Channel::Whatsapp, "SM1"));
}

#[actix::test]
async fn slashes_too_many_do_not_matter_whoever_signs_them() {
    let front = Front::new();
    for path in
        ["/webhooks/whatsapp/", "//webhooks/whatsapp", "/webhooks//whatsapp", "/webhooks/whatsapp//?tenant=1"]
    {
        let query = path.split_once('?').map_or(String::new(), |(_, query)| format!("?{query}"));
        for signed in [path.to_owned(), format!("{PATH}{query}")] {
            let signature = signature(TWILIO_TOKEN, &format!("{PUBLIC_URL}{signed}"), &form("SM9"));
            let response = send(post(&front, path, &form("SM9"), Some(&signature))).await;
            assert_eq!(response.status(), 200, "{path} signed as {signed}");
        }
    }
    // A proxy has removed what Twilio signed.
    let signature = signature(TWILIO_TOKEN, &format!("{PUBLIC_URL}/{PATH}"), &form("SM9"));
    assert_eq!(send(post(&front, PATH, &form("SM9"), Some(&signature))).await.status(), 200);
    let status = "/webhooks//whatsapp/status/";
    assert_eq!(send(post(&front, status, &form("SM9"), None)).await.status(), 403);
}

#[actix::test]
async fn a_blank_for_the_plus_is_the_same_number_whatever_was_signed() {
    let front = Front::new();
    let with = |from: &str| Form::from([("MessageSid", "SM8"), ("From", from), ("Body", "Hello")]);
    for signed in ["whatsapp:+4915112345678", "whatsapp: 4915112345678"] {
        let signature = signature(TWILIO_TOKEN, &format!("{PUBLIC_URL}{PATH}"), &with(signed));
        let sent = with("whatsapp: 4915112345678");
        assert_eq!(send(post(&front, PATH, &sent, Some(&signature))).await.status(), 200, "{signed}");
    }
    let values: Vec<String> = front
        .seen()
        .iter()
        .map(|inquiry| inquiry.opening().unwrap().sender.address.value().to_owned())
        .collect();
    assert_eq!(values, ["+4915112345678", "+4915112345678"]);
}

#[actix::test]
async fn the_signature_covers_the_public_address_with_its_query() {
    let front = Front::new();
    let path = "/webhooks/whatsapp?tenant=a%20b";
    for base in [PUBLIC_URL, "https://support.example.com:443"] {
        let signature = signature(TWILIO_TOKEN, &format!("{base}{path}"), &form("SM2"));
        assert_eq!(send(post(&front, path, &form("SM2"), Some(&signature))).await.status(), 200, "{base}");
    }
    let local = format!("http://{}{path}", front.address);
    let signature = signature(TWILIO_TOKEN, &local, &form("SM2"));
    problem(send(post(&front, path, &form("SM2"), Some(&signature))).await, 403, PATH).await;
}

#[actix::test]
async fn forged_flipped_and_missing_signatures_are_refused_alike() {
    let front = Front::new();
    let url = format!("{PUBLIC_URL}{PATH}");
    let good = signature(TWILIO_TOKEN, &url, &form("SM3"));
    let mut flipped = good.clone().into_bytes();
    flipped[3] ^= 1;
    let flipped = String::from_utf8(flipped).unwrap();
    let forged = signature("guess", &url, &form("SM3"));
    let mut answers = Vec::new();
    for wrong in [None, Some(""), Some("not base64"), Some(flipped.as_str()), Some(forged.as_str())] {
        answers.push(problem(send(post(&front, PATH, &form("SM3"), wrong)).await, 403, PATH).await);
    }
    let other = post(&front, PATH, &form("SM4"), Some(&good));
    answers.push(problem(send(other).await, 403, PATH).await);
    let twice = post(&front, PATH, &form("SM3"), Some(&good)).header(SIGNATURE, &good);
    answers.push(problem(send(twice).await, 403, PATH).await);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert!(front.seen().is_empty());
}

#[actix::test]
async fn a_json_body_is_verified_by_its_digest() {
    let front = Front::new();
    let body = r#"{"MessageSid":"SM5","From":"whatsapp:+4915112345678","Body":"Hello","NumMedia":0}"#;
    let path = format!("{PATH}?bodySHA256={}", hex::encode(Sha256::digest(body)));
    let signature = signature(TWILIO_TOKEN, &format!("{PUBLIC_URL}{path}"), &Form::default());
    let json = |body: &'static str| {
        front
            .request("POST", &path)
            .header("content-type", "application/json")
            .header(SIGNATURE, &signature)
            .body(body)
    };
    assert_eq!(send(json(body)).await.status(), 200);
    problem(send(json("{}")).await, 403, PATH).await;
    assert_eq!(front.seen().len(), 1);
}

#[actix::test]
async fn an_invalid_webhook_is_refused_after_the_signature_check() {
    let front = Front::new();
    let sms = Form::from([("MessageSid", "SM6"), ("From", "+4915112345678"), ("Body", "an SMS")]);
    problem(send(signed(&front, &sms)).await, 422, PATH).await;
    let mut large = form("SM7");
    large.push("Body2", "x".repeat(128 * 1024));
    problem(send(signed(&front, &large)).await, 413, PATH).await;
    let text = signed(&front, &form("SM8")).header("content-encoding", "gzip");
    problem(send(text).await, 415, PATH).await;
    problem(send(front.get(PATH)).await, 405, PATH).await;
}

#[actix::test]
async fn a_message_that_could_not_be_stored_gets_a_retryable_status() {
    let refusing = Plan { mood: Mood::Refusing(unavailable()), ..Plan::default() };
    let front = Front::with(refusing);
    let response = send(signed(&front, &form("SM9"))).await;
    assert_eq!(header(&response, "retry-after"), "5");
    problem(response, 503, PATH).await;
}

#[actix::test]
async fn without_an_account_the_channel_is_off() {
    let front = Front::with(Plan { whatsapp: false, ..Plan::default() });
    let response = send(signed(&front, &form("SM10"))).await;
    assert_eq!(header(&response, "retry-after"), "300");
    problem(response, 503, PATH).await;
    assert!(front.seen().is_empty());
}

#[actix::test]
async fn a_signed_report_is_forwarded_and_a_forged_one_is_not() {
    let front = Front::new();
    let id = uuid::Uuid::from_u128(7);
    let path = format!("{PATH}/status?delivery={id}");
    let report = Form::from([("MessageSid", "SM1"), ("MessageStatus", "read"), ("ANewField", "x")]);
    let good = signature(TWILIO_TOKEN, &format!("{PUBLIC_URL}{path}"), &report);
    for _ in 0..2 {
        assert_eq!(send(post(&front, &path, &report, Some(&good))).await.status(), 204);
    }
    assert_eq!(front.reports().len(), 2, "the front deduplicated, which is up to the records");
    assert_eq!(front.reports()[0].delivery, Some(DeliveryId(id)));
    for wrong in [None, Some("x"), Some(signature("guess", &format!("{PUBLIC_URL}{path}"), &report).as_str())]
    {
        problem(send(post(&front, &path, &report, wrong)).await, 403, &format!("{PATH}/status")).await;
    }
    let other = format!("{PATH}/status?delivery={}", uuid::Uuid::from_u128(8));
    problem(send(post(&front, &other, &report, Some(&good))).await, 403, &format!("{PATH}/status")).await;
    let odd = Form::from([("MessageSid", "SM1"), ("MessageStatus", "odd")]);
    let signed = signature(TWILIO_TOKEN, &format!("{PUBLIC_URL}{path}"), &odd);
    problem(send(post(&front, &path, &odd, Some(&signed))).await, 422, &format!("{PATH}/status")).await;
    assert_eq!(front.reports().len(), 2);
}
