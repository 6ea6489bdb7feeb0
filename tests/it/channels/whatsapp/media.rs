//! Media download tests: files that customers send are fetched safely, stored and shown to staff, and no turn waits for
//! them.

use fte::channels::whatsapp::sandbox::Medium;

use crate::support::customers::Customer;
use crate::support::postgres::{client, fresh_database};
use crate::support::twilio::FakeTwilio;
use crate::support::verdict::{count, none_left};
use crate::support::wait::LIMIT;
use crate::support::whatsapp::photo;

const ANN: &str = "+4915112345678";

fn jpeg(size: usize) -> Medium {
    Medium::new("image/jpeg", vec![0xff; size])
}

#[tokio::test]
async fn a_photo_is_fetched_with_credentials_that_the_other_host_never_sees() {
    let url = fresh_database().await;
    let twilio = FakeTwilio::open();
    let folder = tempfile::tempdir().unwrap();
    let served = twilio.serve(&url, &[("MEDIA_PATH", folder.path().to_str().unwrap())]).await;
    let place = twilio.sandbox.keep(jpeg(1_234_567));

    twilio.write(&served.base, &photo(ANN, "MM1", &place)).await;
    none_left(&url, "select 1 - count(*) from attachments where state = 'stored'", LIMIT).await;

    let requests = twilio.sandbox.ledger().media_requests;
    assert_eq!(
        requests.iter().map(|(_, authorized)| *authorized).collect::<Vec<_>>(),
        [true, false],
        "{requests:?}"
    );
    let stored = "select count(*) from attachments where size_bytes = 1234567 and content_type = 'image/jpeg'
                      and sha256 = sha256(decode(repeat('ff', 1234567), 'hex'))";
    assert_eq!(count(&client(&url).await, stored).await, 1);
    let files: Vec<_> = walk(folder.path());
    assert_eq!(files.iter().map(|file| file.metadata().unwrap().len()).collect::<Vec<_>>(), [1_234_567]);

    let staff = Customer::of(&served.base);
    let found = staff.json("/customers/lookup?phone=%2B4915112345678").await;
    let id = found["conversations"][0]["conversation_id"].as_str().unwrap();
    let view = staff.json(&format!("/conversations/{id}")).await;
    let shown = &view["messages"][0]["attachments"][0];
    assert_eq!(
        (&shown["description"], &shown["state"]),
        (&"photo, 1.2 MB".into(), &"stored".into()),
        "{view}"
    );
    let path = format!("/attachments/{}", shown["id"].as_str().unwrap());
    let file = staff.get(&path).await.unwrap();
    assert_eq!(
        (file.status().as_u16(), &file.headers()["content-disposition"]),
        (200, &"attachment".parse().unwrap())
    );
    assert_eq!(file.bytes().await.unwrap().len(), 1_234_567);
    let stranger = reqwest::get(format!("{}{path}", served.base)).await.unwrap();
    assert_eq!(stranger.status(), 401);

    // The model gets the file's type; here the file arrived before the next message.
    twilio.replied(ANN, 1, LIMIT).await;
    twilio.write(&served.base, &crate::support::whatsapp::form(ANN, "SM2", "I want a refund")).await;
    none_left(&url, "select 1 - count(*) from escalations", LIMIT).await;
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(walk(&path)) } else { found.push(path) }
    }
    found
}

#[tokio::test]
async fn forbidden_media_is_recorded_and_the_turn_continues() {
    let url = fresh_database().await;
    let twilio = FakeTwilio::open();
    let served = twilio.serve(&url, &[]).await;
    let kept = |medium| twilio.sandbox.keep(medium);
    let redirected = |to: &str| kept(Medium { redirect_to: Some(to.to_owned()), ..jpeg(10) });
    let cases = [
        ("a private address", "https://10.0.0.1/x".to_owned(), "refused"),
        ("a redirect to metadata", redirected("http://169.254.169.254/latest"), "refused"),
        ("a redirect to a neighbour", redirected("https://[::ffff:192.168.0.1]/x"), "refused"),
        ("a redirect to a file", redirected("file:///etc/passwd"), "refused"),
        ("too large", kept(jpeg(16 * 1024 * 1024 + 1)), "refused"),
        ("a page", kept(Medium::new("text/html", "<script>")), "refused"),
        ("a drawing that runs", kept(Medium::new("image/svg+xml", "<svg/>")), "refused"),
        ("the largest", kept(jpeg(16 * 1024 * 1024)), "stored"),
    ];
    for (n, (name, place, _)) in cases.iter().enumerate() {
        let message = photo(&format!("+49151000000{n:02}"), &name.replace(' ', ""), place);
        twilio.write(&served.base, &message).await;
    }
    none_left(&url, "select count(*) from attachments where state = 'pending'", LIMIT).await;
    let database = client(&url).await;
    for (name, _, state) in &cases {
        let query = "select a.state, a.note from attachments a join messages m on m.id = a.message_id
                     where m.external_id = $1";
        let row = database.query_one(query, &[&name.replace(' ', "")]).await.unwrap();
        let (found, note): (String, Option<String>) = (row.get(0), row.get(1));
        assert_eq!(found, *state, "{name}: {note:?}");
        assert_eq!(note.is_some(), *state == "refused", "{name}");
    }
    for n in 0..cases.len() {
        twilio.replied(&format!("+49151000000{n:02}"), 1, LIMIT).await;
    }
}

#[tokio::test]
async fn a_host_that_hangs_delays_no_answer() {
    let url = fresh_database().await;
    let twilio = FakeTwilio::open();
    let served = twilio.serve(&url, &[]).await;
    let slow = Medium { latency: LIMIT, ..jpeg(10) };
    let place = twilio.sandbox.keep(slow);
    let database = client(&url).await;
    let mut in_time = false;
    // On a busy machine one of these answers may take longer than the download's time-out, but not all of them.
    for n in 0..10 {
        let phone = format!("+49151000000{n:02}");
        twilio.write(&served.base, &photo(&phone, &format!("MM{n}"), &place)).await;
        twilio.replied(&phone, 1, LIMIT).await;
        let waited_for = format!(
            "select count(*) from attachments a join messages m on m.id = a.message_id
             where a.state = 'pending' and a.note is null and m.external_id = 'MM{n}'"
        );
        in_time = count(&database, &waited_for).await == 1;
        if in_time {
            break;
        }
    }
    assert!(in_time, "every answer waited for the media host");
    let noted = "select greatest(1 - count(*), 0) from attachments
                 where state = 'pending' and note like 'it took longer%'";
    none_left(&url, noted, LIMIT).await;
}
