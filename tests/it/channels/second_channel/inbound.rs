//! What comes in by a second provider channel: its feed from its own cursor, and its files by its own limits.

use fte::channels::whatsapp::sandbox::Medium;
use fte::domain::messages::attachment::{AttachmentRef, AttachmentSource, StoredContent};

use super::mail::{ACCOUNT, FakeMail, mail, with_files};
use super::rig::Rig;
use crate::support::postgres::{client, fresh_database};
use crate::support::twilio::FakeTwilio;
use crate::support::verdict::{count, none_left};
use crate::support::wait::{LIMIT, becomes, reaches};
use crate::support::whatsapp::{chat, photo};

async fn cursor(url: &str) -> Option<String> {
    let stored = "select cursor from channel_cursors where channel = 'email' and account = $1";
    client(url).await.query_opt(stored, &[&ACCOUNT]).await.unwrap().map(|row| row.get(0))
}

async fn until_cursor(url: &str, expected: &str) {
    becomes("the cursor", Some(expected.to_owned()), async || cursor(url).await).await;
}

#[actix::test]
async fn a_feed_is_read_from_its_own_cursor_which_never_overtakes_the_messages() {
    let url = fresh_database().await;
    let (twilio, mails) = (FakeTwilio::open(), FakeMail::new());
    {
        let mut ledger = mails.ledger();
        ledger.inbox =
            (0..5).map(|n| mail(&format!("c{n}@example.com"), &format!("<{n}@example.com>"), &[])).collect();
        ledger.unreadable = Some("<3@example.com>".to_owned());
    }
    let known = mails.ledger().inbox[1].clone();
    let rig = Rig::start(&url, &twilio, &mails).await;
    rig.write(known).await;
    until_cursor(&url, "history-2").await;
    let asked = mails.ledger().cursors.len();
    reaches("readings of the feed", asked + 3, async || mails.ledger().cursors.len()).await;
    assert_eq!(cursor(&url).await.as_deref(), Some("history-2"), "a mail of the next page can't be read");

    mails.ledger().unreadable = None;
    until_cursor(&url, "history-5").await;
    rig.stop().await;
    let stored = "select count(*) from messages where channel = 'email' and direction = 'inbound'";
    assert_eq!(count(&client(&url).await, stored).await, 5, "each once");
    assert_eq!(mails.ledger().cursors[0], None);

    mails.ledger().cursors.clear();
    let rig = Rig::start(&url, &twilio, &mails).await;
    reaches("readings of the feed after a restart", 1, async || mails.ledger().cursors.len()).await;
    rig.stop().await;
    assert_eq!(mails.ledger().cursors[0].as_deref(), Some("history-5"));
}

fn remote(name: &str, content_type: &str) -> AttachmentRef {
    AttachmentRef {
        source: AttachmentSource::Url(format!("https://mail.example/{name}")),
        content_type: content_type.to_owned(),
    }
}

#[actix::test]
async fn files_are_fetched_by_their_own_channel_within_its_limits() {
    let url = fresh_database().await;
    let (twilio, mails) = (FakeTwilio::open(), FakeMail::new());
    let rig = Rig::start(&url, &twilio, &mails).await;
    let place = twilio.sandbox.keep(Medium::new("image/jpeg", vec![0xff; 100]));
    rig.write(chat(&photo("+4915112345678", "MM1", &place))).await;
    let content = StoredContent { sha256: "ab".repeat(32), size_bytes: 5 };
    let inside = AttachmentRef {
        source: AttachmentSource::Stored(content),
        content_type: "application/pdf".to_owned(),
    };
    let files = vec![
        inside,
        remote("invite", "text/calendar"),
        remote("large", "application/pdf"),
        remote("invite", "text/calendar"),
    ];
    rig.write(with_files(mail("ann@example.com", "<1@example.com>", &[]), files)).await;
    rig.write(with_files(mail("eve@example.com", "<2@example.com>", &[]), vec![remote("page", "text/html")]))
        .await;
    none_left(&url, "select 6 - count(*) from attachments where state <> 'pending'", LIMIT).await;
    let kept = walk(rig.files.path());
    rig.stop().await;

    let mut fetched = mails.ledger().fetched.clone();
    fetched.sort();
    let expected = ["https://mail.example/invite", "https://mail.example/large", "https://mail.example/page"];
    assert_eq!(fetched, expected, "each once, and none of WhatsApp's");
    assert_eq!(twilio.sandbox.ledger().media_requests.len(), 2, "the photo, redirected once");
    let states = "select a.channel || ' ' || a.position || ' ' || a.state || ' ' || coalesce(a.note, '')
                  from attachments a join messages m on m.id = a.message_id order by m.external_id, a.position";
    let rows = client(&url).await.query(states, &[]).await.unwrap();
    let states: Vec<String> = rows.iter().map(|row| row.get::<_, String>(0).trim().to_owned()).collect();
    assert_eq!(
        states,
        [
            "email 1 stored",
            "email 2 stored",
            "email 3 refused it is larger than 8 bytes",
            "email 4 refused its message has more than 3 files",
            "email 1 refused files of its type are not kept",
            "whatsapp 1 stored",
        ]
    );
    assert_eq!(kept, 2, "the invitation and the photo");
}

fn walk(folder: &std::path::Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| if path.is_dir() { walk(&path) } else { 1 }).sum()
}
