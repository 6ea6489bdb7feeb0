//! Identity linking tests: a chat is linked to the customer of an e-mail address, from the signed webhook to the
//! records, only by a code that was mailed there and typed in the chat, and only once.

use std::path::Path;

use crate::support::customers::{Customer, FORGOTTEN};
use crate::support::postgres::{client, fresh_database};
use crate::support::served::Served;
use crate::support::twilio::FakeTwilio;
use crate::support::verdict::{count, none_left};
use crate::support::wait::{LIMIT, eventually};
use crate::support::whatsapp::form;

const ANN: &str = "+4915112345678";
const EVE: &str = "+4915187654321";
const MAIL: &str = "ann@example.com";
const LATER: &str = "+4915199999999";
const LATER_MAIL: &str = "later@example.com";
const LINKED: &str = "select 1 - count(*) from link_challenges where state = 'used'";
const LATER_LINKED: &str =
    "select 1 - count(*) from customer_identifiers where value = 'later@example.com' and attested";

/// A program with a fake Twilio, and a customer who used the web form with the address `MAIL`.
struct Chat {
    url: String,
    twilio: FakeTwilio,
    served: Served,
}

impl Chat {
    async fn begin() -> Self {
        Self::at(fresh_database().await).await
    }

    async fn at(url: String) -> Self {
        let twilio = FakeTwilio::open();
        let served = twilio.serve(&url, &[]).await;
        Customer::of(&served.base).submit(MAIL, "one", FORGOTTEN).await;
        Self { url, twilio, served }
    }

    /// Writes a message, and waits until `texts` texts were sent in all.
    async fn say(&self, from: &str, sid: &str, text: &str, texts: usize) -> String {
        self.twilio.write(&self.served.base, &form(from, sid, text)).await;
        let texts = self.twilio.replied(from, texts, LIMIT).await;
        texts.last().unwrap().clone()
    }

    async fn number(&self, query: &str) -> i64 {
        count(&client(&self.url).await, query).await
    }

    async fn run(&self, sql: &str) {
        client(&self.url).await.batch_execute(sql).await.unwrap();
    }

    /// Requests a code, and reads it from the verification mail.
    async fn ask(&self, from: &str, sid: &str, texts: usize) -> String {
        let before = mails(self.served.data_dir(), MAIL).len();
        let said = self.say(from, sid, &format!("my e-mail is {MAIL}"), texts).await;
        assert!(said.contains("If we have this e-mail address"), "{said}");
        code(self.served.data_dir(), MAIL, before).await
    }

    /// Links another chat by its code: work that was due before has been done as well.
    async fn a_later_chat_is_linked(&self) {
        Customer::of(&self.served.base).submit(LATER_MAIL, "later", FORGOTTEN).await;
        self.say(LATER, "SMlater1", &format!("my e-mail is {LATER_MAIL}"), 1).await;
        let code = code(self.served.data_dir(), LATER_MAIL, 0).await;
        self.say(LATER, "SMlater2", &code, 2).await;
        none_left(&self.url, LATER_LINKED, LIMIT).await;
        let waiting = "select count(*) from messages where direction = 'inbound' and answered_by is null";
        none_left(&self.url, waiting, LIMIT).await;
    }

    async fn customers_of_both(&self) -> (String, String) {
        let staff = Customer::of(&self.served.base);
        let by_mail = staff.json(&format!("/customers/lookup?email={MAIL}")).await;
        let by_phone = staff.json("/customers/lookup?phone=%2B4915112345678").await;
        let id = |customer: &serde_json::Value| customer["customer_id"].as_str().unwrap().to_owned();
        (id(&by_mail), id(&by_phone))
    }

    /// Replayed from the records alone, each turn of the chat makes the same decision.
    async fn assert_replays_alike(&self) {
        let query = "select id::text from conversations where channel = 'whatsapp'";
        let id: String = client(&self.url).await.query_one(query, &[]).await.unwrap().get(0);
        let dir = tempfile::tempdir().unwrap();
        let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_fte"));
        command.args(["replay", &id, "--json"]).current_dir(dir.path()).env_clear();
        command.env("DATABASE_URL", &self.url).env("FTE_DATA_DIR", dir.path());
        let output = command.output().await.unwrap();
        let lines = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{lines} {}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(lines.lines().count(), 5, "{lines}");
    }

    async fn assert_not_linked(&self) {
        self.a_later_chat_is_linked().await;
        assert_eq!(self.number("select count(*) from customer_joins").await, 1);
        let attested = "select count(*) from customer_identifiers where kind = 'email' and attested
                            and value <> 'later@example.com'";
        assert_eq!(self.number(attested).await, 0);
        let (by_mail, by_phone) = self.customers_of_both().await;
        assert_ne!(by_mail, by_phone);
    }
}

/// The verification mails of a program to an address, oldest first.
fn mails(dir: &Path, address: &str) -> Vec<String> {
    let Ok(folder) = std::fs::read_dir(dir.join("mail")) else {
        return Vec::new();
    };
    let mut paths: Vec<_> = folder.map(|file| file.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "eml"));
    paths.sort();
    let mut mails: Vec<_> = paths.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
    mails.retain(|mail| mail.starts_with(&format!("To: {address}\n")));
    mails
}

/// The code of the first mail after the first `before` ones.
async fn code(dir: &Path, address: &str, before: usize) -> String {
    let mail = async || {
        let mails = mails(dir, address);
        mails.get(before).cloned().ok_or(mails.len())
    };
    let (mail, _) = eventually(&format!("a mail to {address}"), LIMIT, mail).await;
    mail.split_once("\n\n").unwrap().1.chars().filter(char::is_ascii_digit).collect()
}

/// A code that differs from `code`.
fn wrong(code: &str, by: u32) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + by) % 1_000_000)
}

#[tokio::test]
async fn the_right_code_links_the_chat_to_the_customer_and_keeps_its_history() {
    let chat = Chat::begin().await;
    chat.say(ANN, "SM1", FORGOTTEN, 1).await;
    let code = chat.ask(ANN, "SM2", 2).await;
    let told = chat.say(ANN, "SM3", &code, 3).await;
    assert!(told.contains("your e-mail address is confirmed"), "{told}");
    none_left(&chat.url, LINKED, LIMIT).await;

    let (by_mail, by_phone) = chat.customers_of_both().await;
    assert_eq!(by_mail, by_phone);
    let staff = Customer::of(&chat.served.base);
    let customer = staff.json(&format!("/customers/lookup?email={MAIL}")).await;
    let attested = |identifier: &serde_json::Value| identifier["attested"] == true;
    assert!(customer["identifiers"].as_array().unwrap().iter().all(attested), "{customer}");
    assert_eq!(customer["conversations"].as_array().unwrap().len(), 2, "{customer}");
    assert_eq!(chat.number("select count(*) from messages where external_id like 'SM%'").await, 3);
    let join = "select count(*) from customer_joins where jsonb_array_length(identifiers) = 1
                    and cardinality(conversations) = 1 and closed_conversation is null";
    assert_eq!(chat.number(join).await, 1);

    // The code is not stored in any message, and the chat continues in its conversation.
    let kept = format!("select count(*) from messages where content like '%{code}%'");
    assert_eq!(chat.number(&kept).await, 0);
    let steps = format!("select count(*) from turn_steps where content::text like '%{code}%'");
    assert_eq!(chat.number(&steps).await, 0);
    assert!(!chat.served.log().contains(&code), "the code is in the log");
    // Another question: one that is asked again goes to a person.
    chat.say(ANN, "SM4", "How do I turn on two-factor authentication?", 4).await;
    assert_eq!(chat.number("select count(*) from conversations where channel = 'whatsapp'").await, 1);
    assert_eq!(mails(chat.served.data_dir(), MAIL).len(), 1);

    // A used code is an ordinary message.
    let told = chat.say(ANN, "SM5", &code, 5).await;
    assert!(told.contains("no longer valid"), "{told}");
    assert_eq!(chat.number("select count(*) from customer_joins").await, 1);
    let asked = "select count(*) from agent_metrics a join turns t on t.id = a.turn_id
                 where t.link is not null and a.model <> 'rules'";
    assert_eq!(chat.number(asked).await, 0, "a model was asked about a code");
    chat.assert_replays_alike().await;
}

#[tokio::test]
async fn five_wrong_codes_end_the_challenge_and_the_right_one_is_then_refused() {
    let chat = Chat::begin().await;
    let code = chat.ask(ANN, "SM0", 1).await;
    for n in 1..=4 {
        let told = chat.say(ANN, &format!("SM{n}"), &wrong(&code, n), usize::try_from(n).unwrap() + 1).await;
        assert!(told.contains("not correct"), "{told}");
    }
    let told = chat.say(ANN, "SM5", &wrong(&code, 5), 6).await;
    assert!(told.contains("Too many incorrect attempts"), "{told}");
    let told = chat.say(ANN, "SM6", &code, 7).await;
    assert!(told.contains("no longer valid"), "{told}");
    assert_eq!(
        chat.number("select count(*) from link_challenges where state = 'spent' and tries = 5").await,
        1
    );
    chat.assert_not_linked().await;
}

#[tokio::test]
async fn an_expired_code_or_another_chats_code_is_refused() {
    let chat = Chat::begin().await;
    let anns = chat.ask(ANN, "SM1", 1).await;
    // Another chat requests a code for the same address: it gets its own code.
    let eves = chat.ask(EVE, "SM2", 1).await;
    let told = chat.say(EVE, "SM3", &anns, 2).await;
    assert!(anns == eves || told.contains("not correct"), "{told}");

    chat.run("update link_challenges set expires_at = now() - interval '1 second'").await;
    let told = chat.say(ANN, "SM4", &anns, 2).await;
    assert!(told.contains("no longer valid"), "{told}");
    chat.assert_not_linked().await;
}

#[tokio::test]
async fn a_code_in_a_burst_with_a_question_is_accepted_and_the_question_answered() {
    let url = fresh_database().await;
    // Longer than a busy machine needs from one message to the next.
    let slow = "update channel_configs set quiet_ms = 4000 where channel = 'whatsapp'";
    client(&url).await.batch_execute(slow).await.unwrap();
    let chat = Chat::at(url).await;
    let code = chat.ask(ANN, "SM1", 1).await;
    chat.twilio.write(&chat.served.base, &form(ANN, "SM2", &code)).await;
    let told = chat.say(ANN, "SM3", FORGOTTEN, 2).await;
    assert!(told.contains("is confirmed") && told.contains("Forgot password"), "{told}");
    none_left(&chat.url, LINKED, LIMIT).await;
    chat.say(ANN, "SM4", FORGOTTEN, 3).await;
    none_left(&chat.url, "select count(*) from deliveries where state in ('pending', 'sending')", LIMIT)
        .await;
    assert_eq!(chat.twilio.texts_to(ANN).len(), 3, "one answer to a burst");
}

#[tokio::test]
async fn an_unknown_address_is_answered_like_a_known_one_and_gets_no_mail() {
    let chat = Chat::begin().await;
    let known = chat.say(ANN, "SM1", &format!("my e-mail is {MAIL}"), 1).await;
    let unknown = chat.say(EVE, "SM2", "my e-mail is nobody@example.com", 1).await;
    assert_eq!(known, unknown);
    code(chat.served.data_dir(), MAIL, 0).await;
    let told = chat.say(EVE, "SM3", "123456", 2).await;
    assert!(told.contains("not correct"), "{told}");
    chat.a_later_chat_is_linked().await;
    assert_eq!(mails(chat.served.data_dir(), MAIL).len(), 1);
    assert_eq!(mails(chat.served.data_dir(), "nobody@example.com"), Vec::<String>::new());
    assert_eq!(chat.number("select count(*) from link_challenges where code_hash is null").await, 1);
}

#[tokio::test]
async fn codes_are_rate_limited_per_chat_and_per_address() {
    let chat = Chat::begin().await;
    for n in 0..3 {
        chat.ask(ANN, &format!("SM{n}"), n + 1).await;
    }
    let told = chat.say(ANN, "SM3", &format!("my e-mail is {MAIL}"), 4).await;
    assert!(told.contains("several codes"), "{told}");
    // Another chat gets the usual reply, but the address has reached its limit of mails.
    let told = chat.say(EVE, "SM4", &format!("my e-mail is {MAIL}"), 1).await;
    assert!(told.contains("If we have this"), "{told}");
    chat.a_later_chat_is_linked().await;
    assert_eq!(mails(chat.served.data_dir(), MAIL).len(), 3);
}

#[tokio::test]
async fn only_the_newest_code_is_valid_and_a_linked_address_gets_none() {
    let chat = Chat::begin().await;
    let old = chat.ask(ANN, "SM1", 1).await;
    let new = chat.ask(ANN, "SM2", 2).await;
    let told = chat.say(ANN, "SM3", &old, 3).await;
    assert!(old == new || told.contains("not correct"), "{told}");
    chat.say(ANN, "SM4", &new, 4).await;
    none_left(&chat.url, LINKED, LIMIT).await;
    chat.twilio.write(&chat.served.base, &form(ANN, "SM5", &format!("my e-mail is {MAIL}"))).await;
    none_left(
        &chat.url,
        "select count(*) from messages where direction = 'inbound' and answered_by is null",
        LIMIT,
    )
    .await;
    assert_eq!(mails(chat.served.data_dir(), MAIL).len(), 2);
}

#[tokio::test]
async fn two_processes_link_once_and_mail_once() {
    let url = fresh_database().await;
    let twilio = FakeTwilio::open();
    let origins = twilio.sandbox.origins().join(",");
    let variables = twilio.variables(&origins);
    let (one, other) = Served::start_two(&url, &variables).await;
    Customer::of(&one.base).submit(MAIL, "one", FORGOTTEN).await;
    let chats = 5_usize;
    for n in 0..chats {
        race(&url, &twilio, [&one, &other], n).await;
    }
    let waiting = "select count(*) from messages where direction = 'inbound' and answered_by is null";
    none_left(&url, waiting, LIMIT).await;
    let database = client(&url).await;
    let proved = "select count(*) from turns where link = 'proved'";
    assert_eq!(usize::try_from(count(&database, proved).await), Ok(chats));
    assert_eq!(count(&database, "select count(distinct customer_id) from customer_identifiers").await, 1);
    assert_eq!(usize::try_from(count(&database, "select count(*) from customer_joins").await), Ok(chats));
    let twice = "select count(*) from (select from conversations where attested and status <> 'closed'
                     group by customer_id having count(*) > 1) twice";
    assert_eq!(count(&database, twice).await, 0);
}

/// A new chat requests a code, and types it in both processes at the same time.
async fn race(url: &str, twilio: &FakeTwilio, served: [&Served; 2], n: usize) {
    let [one, other] = served;
    let phone = format!("+491511234560{n}");
    // Otherwise the limit of three mails per hour applies to the address.
    let yesterday = "update link_challenges set created_at = created_at - interval '2 days'";
    client(url).await.batch_execute(yesterday).await.unwrap();
    let ask = form(&phone, &format!("SM{n}ask"), &format!("my e-mail is {MAIL}"));
    twilio.write(&served[n % 2].base, &ask).await;
    twilio.replied(&phone, 1, LIMIT).await;
    let unsent = "select count(*) from link_challenges where state = 'open' and mailed_at is null";
    none_left(url, unsent, LIMIT).await;
    let all = served.iter().flat_map(|served| mails(served.data_dir(), MAIL)).count();
    assert_eq!(all, n + 1, "each code is mailed once");
    let code = served.iter().filter_map(|served| newest_code(served.data_dir())).max().unwrap().1;
    let forms: Vec<_> = (0..4).map(|k| form(&phone, &format!("SM{n}code{k}"), &code)).collect();
    tokio::join!(
        twilio.write(&one.base, &forms[0]),
        twilio.write(&other.base, &forms[1]),
        twilio.write(&one.base, &forms[2]),
        twilio.write(&other.base, &forms[3]),
    );
    none_left(url, &format!("select {} - count(*) from customer_joins", n + 1), LIMIT).await;
}

/// The file name of the newest mail, which begins with its time, and its code.
fn newest_code(dir: &Path) -> Option<(String, String)> {
    let folder = std::fs::read_dir(dir.join("mail")).ok()?;
    let newest = folder.map(|file| file.unwrap().path()).max()?;
    let body = std::fs::read_to_string(&newest).ok()?;
    let code = body.split_once("\n\n")?.1.chars().filter(char::is_ascii_digit).collect();
    Some((newest.file_name()?.to_string_lossy().into_owned(), code))
}

#[tokio::test]
async fn without_a_mail_server_the_chat_refers_to_staff() {
    let url = fresh_database().await;
    let twilio = FakeTwilio::open();
    let production =
        [("ENVIRONMENT", "production"), ("MEDIA_ALLOWED_ORIGINS", ""), ("API_HOST", "127.0.0.1")];
    let served = twilio.serve(&url, &production).await;
    twilio.write(&served.base, &form(ANN, "SM1", &format!("my e-mail is {MAIL}"))).await;
    let texts = twilio.replied(ANN, 1, LIMIT).await;
    assert!(texts[0].contains("ask for a person from our team"), "{texts:?}");
    let database = client(&url).await;
    assert_eq!(count(&database, "select count(*) from link_challenges").await, 0);
    assert!(mails(served.data_dir(), MAIL).is_empty());
}

#[cfg(feature = "failpoints")]
#[tokio::test]
async fn a_crash_at_any_point_leaves_a_chat_either_linked_or_unlinked() {
    // The failpoint at which it crashes, and the mail whose code is valid afterwards.
    for point in [
        "identity_linker.leased",
        "identity_linker.mailed",
        "crm.finish.committed:2",
        "identity_linker.joined",
    ] {
        let url = fresh_database().await;
        let twilio = FakeTwilio::open();
        let doomed = twilio.serve(&url, &[("FTE_FAILPOINT", point)]).await;
        let database = client(&url).await;
        super::seed::customer(&url, MAIL).await;
        let ask = form(ANN, "SM1", &format!("my e-mail is {MAIL}"));
        twilio.write(&doomed.base, &ask).await;
        let mut code = String::new();
        if !["identity_linker.leased", "identity_linker.mailed"].contains(&point) {
            code = self::code(doomed.data_dir(), MAIL, 0).await;
            twilio.replied(ANN, 1, LIMIT).await;
            twilio.write(&doomed.base, &form(ANN, "SM2", &code)).await;
        }
        assert_eq!(doomed.wait_death().await, Some(9), "{point}");
        let half =
            "select count(*) from customer_identifiers i join conversations c on c.channel = 'whatsapp'
                    where i.kind = 'phone' and i.customer_id <> c.customer_id";
        assert_eq!(count(&database, half).await, 0, "{point}");
        // Expires the lease of a mail that is being sent.
        database
            .batch_execute("update link_challenges set due_at = now() where state = 'open'")
            .await
            .unwrap();

        let served = twilio.serve(&url, &[]).await;
        if code.is_empty() {
            code = self::code(served.data_dir(), MAIL, 0).await;
            twilio.write(&served.base, &form(ANN, "SM2", &code)).await;
        }
        none_left(&url, LINKED, LIMIT).await;
        assert_eq!(count(&database, half).await, 0, "{point}");
        assert_eq!(count(&database, "select count(*) from customer_joins").await, 1, "{point}");
        let one = "select count(distinct customer_id) from customer_identifiers";
        assert_eq!(count(&database, one).await, 1, "{point}");
    }
}
