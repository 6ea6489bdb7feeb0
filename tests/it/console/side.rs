//! Side conversations: mails to third parties and their answers, and that nothing of them reaches the customer, whatever
//! is done with the conversation.

use std::path::Path;

use fte::channels::email::sandbox::AUTHSERV;
use fte::clock;
use fte::domain::conversations::turn::TurnContext;
use fte::domain::ids::ConversationId;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::rig::{Agent, Team};
use crate::support::customers::FORGOTTEN;
use crate::support::postgres::fresh_database;
use crate::support::records::{answer, begin, finish, process, store};
use crate::support::served::Served;
use crate::support::wait::{becomes, reaches};

const VENDOR: &str = "vendor@parts.example";
/// In every text of a side conversation.
const SECRET: &str = "zyxsecret";
/// The file that comes with every answer, and that staff send; nothing of it may be elsewhere.
const FILE: &str = "file of zyxsecret";
/// The same as mails have it.
const ENCODED_FILE: &str = "ZmlsZSBvZiB6eXhzZWNyZXQ=";
/// Sequences of actions, and actions of each.
const SEQUENCES: u64 = 4;
const LENGTH: usize = 8;

struct Scene {
    url: String,
    team: Team,
    ann: Agent,
}

async fn scene() -> Scene {
    let url = fresh_database().await;
    let team = Team::serving(&url, Served::start(&url, &[("AGENT_POOL_SIZE", "0")]).await).await;
    let ann = team.agent(&url, "ann@example.com", "admin").await;
    Scene { url, team, ann }
}

/// The mails that left, as they are shown in the sandbox's folder.
fn sent(served: &Served) -> Vec<String> {
    let Ok(folder) = std::fs::read_dir(served.data_dir().join("mail")) else {
        return Vec::new();
    };
    let paths = folder.map(|file| file.unwrap().path());
    let mails = paths.filter(|path| path.extension().is_some_and(|extension| extension == "eml"));
    mails.filter_map(|path| std::fs::read_to_string(path).ok()).collect()
}

/// Puts a mail with a file into the sandbox's inbox.
fn receive(data: &Path, from: &str, in_reply_to: &str, text: &str, file: &str) {
    let (inbox, name) = (data.join("mail").join("inbox"), format!("{}.eml", clock::new_v7().simple()));
    let raw = format!(
        "Authentication-Results: {AUTHSERV}; dmarc=pass header.from=parts.example\r\nFrom: {from}\r\n\
         To: support@example.com\r\nSubject: Re: Part 7\r\nMessage-ID: <{}@parts.example>\r\n\
         In-Reply-To: {in_reply_to}\r\nReferences: {in_reply_to}\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n{text}\r\n\
         --b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=offer.pdf\r\n\r\n\
         {file}\r\n--b--\r\n",
        clock::new_v4()
    );
    std::fs::create_dir_all(&inbox).unwrap();
    std::fs::write(inbox.join(format!(".{name}")), raw).unwrap();
    std::fs::rename(inbox.join(format!(".{name}")), inbox.join(name)).unwrap();
}

impl Scene {
    async fn open(&self, conversation: &str, text: &str) -> (u16, Value) {
        let body = json!({"to": [VENDOR], "subject": "Part 7", "text": text});
        self.ann.act(conversation, "side", body).await
    }

    /// Uploads a file, which is to be sent.
    async fn upload(&self, name: &str, bytes: &[u8]) -> (u16, Value) {
        let path = format!("/staff/files?name={name}");
        let response = self.ann.browser.upload(&path, "application/pdf", bytes).await;
        (response.status().as_u16(), response.json().await.unwrap_or_default())
    }

    async fn download(&self, file: &Value) -> Vec<u8> {
        let path = format!("/attachments/{}", file["id"].as_str().unwrap());
        let response = self.ann.browser.send("GET", &path, None).await;
        assert_eq!(response.status(), 200, "{file}");
        response.bytes().await.unwrap().to_vec()
    }

    async fn side(&self, side: &Value) -> Value {
        self.ann.get(&format!("/staff/side/{}", side["side_id"].as_str().unwrap())).await
    }

    /// Answers the newest message of a side conversation from that address, and waits until it is there.
    async fn answer(&self, side: &Value, from: &str, text: &str) {
        let shown = self.side(side).await;
        let messages = shown["messages"].as_array().unwrap();
        let newest = messages.iter().rfind(|message| message["state"] != "received").unwrap();
        let id = format!("<fte.{}@example.com>", newest["id"].as_str().unwrap());
        receive(self.team.served.data_dir(), from, &id, text, FILE);
        let count = messages.len() + 1;
        becomes("the answer is in the side conversation", count, async || {
            self.side(side).await["messages"].as_array().unwrap().len()
        })
        .await;
    }

    async fn number(&self, query: &str) -> i64 {
        self.team.database.query_one(query, &[]).await.unwrap().get(0)
    }

    async fn context(&self, conversation: &str) -> Option<TurnContext> {
        let id = ConversationId(conversation.parse().unwrap());
        begin(&store(&self.url), id, process()).await
    }
}

#[tokio::test]
async fn staff_ask_a_third_party_by_mail_and_the_answer_comes_back_to_them_alone() {
    let scene = scene().await;
    let (ticket, conversation) = scene.team.submit(FORGOTTEN).await;
    let (status, side) = scene.open(&conversation, SECRET).await;
    assert_eq!(status, 201, "{side}");
    reaches("the mail leaves", 1, async || sent(&scene.team.served).len()).await;
    let mail = sent(&scene.team.served);
    for part in [&format!("To: <{VENDOR}>"), "Subject: Part 7 [T-1001]", SECRET, "Message-ID: <fte."] {
        assert!(mail[0].contains(part), "{part}: {}", mail[0]);
    }
    assert!(!mail[0].contains("Auto-Submitted"), "a person wrote it: {}", mail[0]);
    becomes("it is sent", json!("sent"), async || scene.side(&side).await["messages"][0]["state"].clone())
        .await;

    // Neither a customer nor a ticket comes of the answer, from whomever it is.
    let counts = "select (select count(*) from customers) * 100 + (select count(*) from tickets)";
    let before = scene.number(counts).await;
    scene.answer(&side, VENDOR, "It ships on Monday.").await;
    scene.answer(&side, "colleague@parts.example", "I answer for them.").await;
    assert_eq!(scene.number(counts).await, before);
    let shown = scene.side(&side).await;
    let last = &shown["messages"][2];
    assert_eq!(
        (&last["from"], &last["text"]),
        (&json!("colleague@parts.example"), &json!("I answer for them."))
    );
    assert_eq!((&shown["messages"][1]["attested"], &shown["to"]), (&json!(true), &json!([VENDOR])));
    let detail = scene.ann.get(&format!("/conversations/{conversation}")).await;
    assert_eq!(detail["side"], json!([side["side_id"]]));
    assert!(!detail.to_string().contains("ships on Monday"), "{detail}");
    let notes = detail["messages"].as_array().unwrap().iter().filter(|message| message["kind"] == "note");
    assert_eq!(notes.count(), 2);
    assert_eq!(scene.team.customer.ticket(&ticket).await["messages"].as_array().unwrap().len(), 1);

    // The next message goes to the same recipients, in their thread.
    let path = format!("/staff/side/{}/messages", side["side_id"].as_str().unwrap());
    let (status, written) = scene.ann.post(&path, json!({"text": "Thank you."})).await;
    assert_eq!(status, 201, "{written}");
    reaches("it leaves", 2, async || sent(&scene.team.served).len()).await;
    let mails = sent(&scene.team.served);
    let thanks = mails.iter().find(|mail| mail.contains("Thank you.")).unwrap();
    assert!(thanks.contains("In-Reply-To:") && thanks.contains(VENDOR), "{thanks}");
}

#[tokio::test]
async fn a_customer_is_no_recipient_neither_at_first_nor_later() {
    let scene = scene().await;
    let (_, conversation) = scene.team.submit(FORGOTTEN).await;
    let customer = "anyone@example.com";
    scene.team.customer.submit(customer, "1", FORGOTTEN).await;
    let body = |to: Value| json!({"to": to, "subject": "Part 7", "text": "?"});
    for to in [json!([customer]), json!([VENDOR, customer]), json!("x"), json!([]), json!(null)] {
        let (status, problem) = scene.ann.act(&conversation, "side", body(to.clone())).await;
        assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("to")), "{to}: {problem}");
    }
    let (status, side) = scene.ann.act(&conversation, "side", body(json!(VENDOR))).await;
    assert_eq!(status, 201, "{side}");
    becomes("it is sent", json!("sent"), async || scene.side(&side).await["messages"][0]["state"].clone())
        .await;

    // The third party becomes a customer: before a message is written, and before one that waits is sent.
    scene.team.customer.submit(VENDOR, "2", FORGOTTEN).await;
    let path = format!("/staff/side/{}/messages", side["side_id"].as_str().unwrap());
    assert_eq!(scene.ann.post(&path, json!({"text": SECRET})).await.0, 422);
    let waiting = format!(
        "insert into side_messages (id, side_id, staff_id, direction, content, state, due_at)
         values (gen_random_uuid(), '{}', '{}', 'outbound', '{SECRET}', 'pending', now())",
        side["side_id"].as_str().unwrap(),
        scene.ann.id
    );
    scene.team.database.batch_execute(&waiting).await.unwrap();
    becomes("it is not sent", json!("failed"), async || {
        scene.side(&side).await["messages"][1]["state"].clone()
    })
    .await;
    assert!(!sent(&scene.team.served).concat().contains(SECRET));
    let nothing = "11111111-1111-4111-8111-111111111111";
    assert_eq!(scene.ann.ask("GET", &format!("/staff/side/{nothing}"), None).await.0, 404);
    assert_eq!(scene.ann.post(&format!("/staff/side/{nothing}/messages"), json!({"text": "x"})).await.0, 404);
    assert_eq!(scene.ann.act(nothing, "side", body(json!(VENDOR))).await.0, 404);
}

#[tokio::test]
async fn files_go_to_the_third_party_and_its_files_come_back_to_staff_alone() {
    let scene = scene().await;
    let (_, conversation) = scene.team.submit(FORGOTTEN).await;
    let (status, file) = scene.upload("Plan%20of%20part%207.pdf", FILE.as_bytes()).await;
    assert_eq!((status, &file["name"], &file["size_bytes"]), (201, &json!("Plan of part 7.pdf"), &json!(17)));
    let files = json!([file["id"], file["id"]]);
    let body = json!({"to": [VENDOR], "subject": "Part 7", "text": "See the plan.", "files": files});
    let (status, side) = scene.ann.act(&conversation, "side", body).await;
    assert_eq!(status, 201, "{side}");
    reaches("the mail leaves", 1, async || sent(&scene.team.served).len()).await;
    let mail = sent(&scene.team.served).remove(0);
    for part in ["multipart/mixed", "filename=\"Plan of part 7.pdf\"", "application/pdf", ENCODED_FILE] {
        assert!(mail.contains(part), "{part}: {mail}");
    }
    assert_eq!(mail.matches(ENCODED_FILE).count(), 1, "each counts once");

    scene.answer(&side, VENDOR, "Here is our offer.").await;
    let shown = scene.side(&side).await;
    let (asked, answered) = (&shown["messages"][0]["files"][0], &shown["messages"][1]["files"][0]);
    assert_eq!((&asked["id"], &asked["name"]), (&file["id"], &file["name"]));
    assert_eq!((&answered["name"], &answered["description"]), (&json!(null), &json!("PDF, 17 B")));
    for file in [asked, answered] {
        assert_eq!(scene.download(file).await, FILE.as_bytes());
    }
    let detail = scene.ann.get(&format!("/conversations/{conversation}")).await.to_string();
    assert!(!detail.contains(answered["id"].as_str().unwrap()), "the note has no file: {detail}");
}

#[tokio::test]
async fn a_file_is_sent_once_by_whoever_has_uploaded_it_and_is_removed_if_it_never_is() {
    let scene = scene().await;
    let (_, conversation) = scene.team.submit(FORGOTTEN).await;
    let (_, file) = scene.upload("a.pdf", b"a").await;
    let (_, foreign) = scene.upload("b.pdf", b"b").await;
    let give = format!(
        "update side_files set staff_id = '00000000-0000-0000-0000-000000000001' where id = '{}'",
        foreign["id"].as_str().unwrap()
    );
    scene.team.database.batch_execute(&give).await.unwrap();
    let ask = async |files: Value| {
        let body = json!({"to": [VENDOR], "subject": "Part 7", "text": "?", "files": files});
        let (status, answer) = scene.ann.act(&conversation, "side", body).await;
        (status, answer["errors"][0]["field"].clone())
    };
    let nothing = "11111111-1111-4111-8111-111111111111";
    for wrong in
        [json!([file["id"], foreign["id"]]), json!([nothing]), json!(["x"]), json!(vec![nothing; 11])]
    {
        assert_eq!(ask(wrong.clone()).await, (422, json!("files")), "{wrong}");
    }
    assert_eq!(ask(json!([file["id"]])).await.0, 201);
    assert_eq!(ask(json!([file["id"]])).await, (422, json!("files")), "it was sent");

    for (name, bytes) in [("", &b"x"[..]), ("a%2Fb", &b"x"[..]), ("x", &b""[..])] {
        assert_eq!(scene.upload(name, bytes).await.0, 422, "{name} of {} bytes", bytes.len());
    }
    let retain = "update side_files set created_at = now() - interval '25 hours';
                  select apply_retention(null, null, null, null, null, 10)";
    scene.team.database.batch_execute(retain).await.unwrap();
    assert_eq!(scene.number("select count(*) from side_files").await, 1, "what was sent stays");
    assert_eq!(scene.number("select count(*) from side_files where message_id is null").await, 0);
}

/// Two conversations of one customer, with a side conversation.
struct Pair {
    tickets: [String; 2],
    conversations: [String; 2],
    customer: String,
    side: Value,
}

impl Scene {
    async fn pair(&self, n: u64) -> Pair {
        let email = format!("pair-{n}@example.com");
        let (mut tickets, mut conversations) = (Vec::new(), Vec::new());
        for key in ["1", "2"] {
            let ticket = self.team.customer.submit(&email, &format!("{n}-{key}"), FORGOTTEN).await.ticket();
            conversations.push(self.team.conversation_of(&ticket).await);
            tickets.push(ticket);
        }
        let find = "select customer_id::text from conversations where id::text = $1";
        let customer = self.team.database.query_one(find, &[&conversations[0]]).await.unwrap().get(0);
        let (status, side) = self.open(&conversations[0], SECRET).await;
        assert_eq!(status, 201, "{side}");
        let (tickets, conversations) = (tickets.try_into().unwrap(), conversations.try_into().unwrap());
        Pair { tickets, conversations, customer, side }
    }

    /// One action; it may be refused, which is no concern of this test.
    async fn do_one(&self, pair: &Pair, action: u64, on: usize) {
        let (conversation, other) = (&pair.conversations[on], &pair.conversations[1 - on]);
        match action % 9 {
            0 => drop(self.ann.reply(&self.team, conversation, "We look into it.").await),
            1 => drop(self.ann.act(conversation, "merge", json!({"into": other})).await),
            2 => drop(self.ann.act(conversation, "unmerge", json!({})).await),
            3 => {
                let path = format!("/support/ticket/{}/messages", pair.tickets[on]);
                self.ann.post(&path, json!({"message": "Any news?"})).await;
            }
            4 => {
                let (status, _) = self.ann.act(conversation, "hand_back", json!({})).await;
                assert!(status == 200 || status == 409);
                if let Some(turn) = self.context(conversation).await {
                    assert!(!format!("{turn:?}").contains(SECRET), "a prompt: {turn:?}");
                    finish(&store(&self.url), answer(&turn, "Here you are.")).await;
                }
            }
            5 => {
                let park = format!(
                    "insert into dead_letters (id, conversation_id, reason)
                     values (gen_random_uuid(), '{conversation}', 'x') returning id::text"
                );
                let parked: String = self.team.database.query_one(&park, &[]).await.unwrap().get(0);
                self.ann.post(&format!("/staff/parked/{parked}/retry"), json!({})).await;
            }
            6 => {
                let newest = self.team.newest(conversation).await;
                let body = json!({"message_ids": [newest], "subject": "Another thing"});
                self.ann.act(conversation, "split", body).await;
            }
            7 => {
                let path = format!("/staff/side/{}/messages", pair.side["side_id"].as_str().unwrap());
                let (_, file) = self.upload("zyxsecret.pdf", FILE.as_bytes()).await;
                self.ann.post(&path, json!({"text": SECRET, "files": [file["id"]]})).await;
            }
            _ => drop(self.ann.act(conversation, "suggestion", json!({})).await),
        }
    }

    /// What the customer and models are shown of both conversations.
    async fn shown(&self, pair: &Pair) -> String {
        let mut shown = String::new();
        for ticket in &pair.tickets {
            shown += &self.team.customer.ticket(ticket).await.to_string();
        }
        shown += &self.ann.get(&format!("/staff/customers/{}/export", pair.customer)).await.to_string();
        for query in [
            "select coalesce(string_agg(m.content, ' '), '') from messages m",
            "select coalesce(string_agg(s.content::text, ' '), '') from turn_steps s",
            "select coalesce(string_agg(coalesce(d.body, ''), ' '), '') from deliveries d",
            "select coalesce(string_agg(g.content, ' '), '') from suggestions g",
            "select coalesce(string_agg(o.payload::text, ' '), '') from outbox o",
            "select coalesce(string_agg(a.details::text, ' '), '') from audit_log a",
            "select coalesce(string_agg(a::text, ' '), '') from attachments a",
        ] {
            shown += &self.team.database.query_one(query, &[]).await.unwrap().get::<_, String>(0);
        }
        shown
    }
}

#[tokio::test]
async fn whatever_is_done_with_a_conversation_its_side_conversation_stays_with_staff() {
    let scene = scene().await;
    let digest = hex::encode(Sha256::digest(FILE));
    for seed in 1..=SEQUENCES {
        let pair = scene.pair(seed).await;
        let mut state = seed;
        let mut done = Vec::new();
        for step in 0..LENGTH {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let (action, on) = (state >> 33, usize::from(state >> 20 & 1 == 1));
            done.push((action % 9, on));
            scene.do_one(&pair, action, on).await;
            if step == LENGTH / 2 {
                scene.answer(&pair.side, VENDOR, &format!("{SECRET}\r\n> {SECRET}")).await;
            }
            let shown = scene.shown(&pair).await;
            assert!(!shown.contains(SECRET) && !shown.contains(&digest), "{done:?}: {shown}");
        }
    }
    let tells = |mail: &String| mail.contains(SECRET) || mail.contains(ENCODED_FILE);
    let strayed = sent(&scene.team.served).into_iter().find(|mail| tells(mail) && !mail.contains(VENDOR));
    assert_eq!(strayed, None);
    let files = "select count(*) from side_files where message_id is not null";
    assert!(scene.number(files).await >= i64::try_from(SEQUENCES).unwrap(), "each answer had a file");
}
