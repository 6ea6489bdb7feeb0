//! The verdict of the chaos test: what the records and the providers' ledgers say was lost, doubled or out of order.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::time::Duration;

use tokio_postgres::Client;

use super::Scene;
use super::load::Sent;
use crate::support::load::Post;
use crate::support::postgres::client;
use crate::support::verdict::{count, faults, none_left};

/// Violations that a reply in doubt explains: after two unclear attempts staff decide, and it counts as failed.
const LEFT_TO_STAFF: [&str; 2] =
    ["a reply has not exactly one delivery, or it was not shown, or not sent", "a message was parked"];

/// A log of each process that is taken for dead during a turn, of each that turns out to live, and of each fault.
pub const SUSPICIONS: &str = "
    create table suspicions (at timestamptz default clock_timestamp(), conversation_id uuid, crashed uuid[],
                             crashes_before integer, faults smallint);
    create function suspect() returns trigger language plpgsql as $$
    begin
        insert into suspicions (conversation_id, crashed, crashes_before, faults)
        values (new.id, new.crashed_owners, cardinality(old.crashed_owners), new.faults);
        return new;
    end $$;
    create trigger suspect after update of crashed_owners, faults on conversations for each row
    when (new.last_seq = old.last_seq
          and (new.crashed_owners <> old.crashed_owners or new.faults > old.faults)) execute function suspect()";

pub struct ChaosVerdict {
    messages: usize,
    lost: usize,
    doubled: usize,
    out_of_order: usize,
    /// Replies whose attempts stayed in doubt, and messages that were parked: staff have them.
    left_to_staff: i64,
    other: Vec<(&'static str, i64)>,
}

impl ChaosVerdict {
    pub fn is_clean(&self) -> bool {
        self.lost + self.doubled + self.out_of_order == 0 && self.other.is_empty()
    }
}

impl fmt::Display for ChaosVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { messages, lost, doubled, out_of_order, left_to_staff, other } = self;
        write!(f, "{messages} messages: {lost} lost, {doubled} doubled, {out_of_order} out of order, ")?;
        write!(f, "{left_to_staff} left to staff in doubt")?;
        other.iter().try_for_each(|(fault, times)| write!(f, "; {times} times: {fault}"))
    }
}

/// Waits until nothing waits for the bot or is on its way; returns the time it took.
pub async fn settled(scene: &Scene, limit: Duration) -> Duration {
    let waiting = "select (select count(*) from messages m join conversations c on c.id = m.conversation_id
                 where m.direction = 'inbound' and m.answered_by is null and c.status = 'active')
              + (select count(*) from deliveries where state in ('pending', 'sending'))";
    none_left(&scene.url, waiting, limit).await
}

pub async fn verdict(scene: &Scene, posts: &[Post], sent: &Sent) -> ChaosVerdict {
    let (chats_sent, mails_sent) = (sent.chats.borrow().len(), sent.mails.borrow().len());
    let database = client(&scene.url).await;
    let lost = lost_web(&database, posts).await
        + lost_chats(&database, sent).await
        + lost_mails(&database, sent).await;
    let found = faults(&scene.url).await;
    let (_, other) = found.into_iter().partition::<Vec<_>, _>(|(fault, _)| LEFT_TO_STAFF.contains(fault));
    let (doubled_chats, out_of_order) = chats(scene, &database).await;
    let in_doubt =
        "select (select count(*) from deliveries where state = 'failed' and unresolved_attempts > 0)
                         + (select count(*) from dead_letters)";
    ChaosVerdict {
        messages: posts.len() + chats_sent + mails_sent,
        lost,
        doubled: doubled_chats + doubled_mails(scene) + doubled_web(&database, posts).await,
        out_of_order,
        left_to_staff: count(&database, in_doubt).await,
        other,
    }
}

/// Acknowledged messages of the form that the records do not have.
async fn lost_web(database: &Client, posts: &[Post]) -> usize {
    let mut lost = 0;
    for post in posts {
        let (query, id) = if post.opens {
            ("select count(*) from tickets where id::text = $1", post.accepted.ticket())
        } else {
            ("select count(*) from messages where id::text = $1", post.accepted.get("message_id"))
        };
        let stored: i64 = database.query_one(query, &[&id]).await.unwrap().get(0);
        lost += usize::from(stored != 1);
    }
    lost
}

/// More messages of the form than were acknowledged.
async fn doubled_web(database: &Client, posts: &[Post]) -> usize {
    let stored = "select count(*) from messages where direction = 'inbound' and channel = 'web_form'";
    usize::try_from(count(database, stored).await).unwrap().saturating_sub(posts.len())
}

/// Mails that were accepted more than once. One that tells of a delay is another mail than the answer.
fn doubled_mails(scene: &Scene) -> usize {
    let mut times = HashMap::<String, usize>::new();
    for mail in scene.smtp.mails().iter() {
        *times.entry(mail.field("Message-ID").unwrap()).or_default() += 1;
    }
    times.values().filter(|times| **times > 1).count()
}

async fn lost_chats(database: &Client, sent: &Sent) -> usize {
    let query = "select count(*) from unnest($1::text[]) sid
                 where not exists (select from messages m where m.channel = 'whatsapp' and m.external_id = sid)";
    let sids = sent.chats.borrow().clone();
    let lost: i64 = database.query_one(query, &[&sids]).await.unwrap().get(0);
    usize::try_from(lost).unwrap()
}

async fn lost_mails(database: &Client, sent: &Sent) -> usize {
    let query = "select count(*) from unnest($1::text[]) sender
                 where not exists (select from messages m where m.channel = 'email' and m.direction = 'inbound'
                                     and m.identifier_value = sender)";
    let senders = sent.mails.borrow().clone();
    let lost: i64 = database.query_one(query, &[&senders]).await.unwrap().get(0);
    usize::try_from(lost).unwrap()
}

/// Replies that the provider got twice, and those that it got after a later one of the same conversation.
async fn chats(scene: &Scene, database: &Client) -> (usize, usize) {
    let query = "select d.id::text, d.conversation_id::text, m.seq from deliveries d join messages m on m.id = d.message_id
                 where d.channel = 'whatsapp'";
    let rows = database.query(query, &[]).await.unwrap();
    let known: HashMap<String, (String, i64)> =
        rows.iter().map(|row| (row.get(0), (row.get(1), row.get(2)))).collect();
    let (mut times, mut newest) = (HashMap::<String, usize>::new(), HashMap::<&str, i64>::new());
    let mut out_of_order = 0;
    let ledger = scene.twilio.sandbox.ledger();
    for entry in ledger.sent() {
        let callback = entry.status_callback.clone().unwrap_or_default();
        let (_, delivery) = callback.rsplit_once("delivery=").unwrap();
        *times.entry(delivery.to_owned()).or_default() += 1;
        let Some((conversation, seq)) = known.get(delivery) else { continue };
        let before = newest.insert(conversation, *seq).unwrap_or(0);
        out_of_order += usize::from(before > *seq);
    }
    (times.values().filter(|times| **times > 1).count(), out_of_order)
}

/// What staff were left with, and every mail that a customer got beyond the first one.
pub async fn print_details(scene: &Scene) {
    let database = client(&scene.url).await;
    for (title, query) in DETAILS {
        println!("{title}:");
        for row in database.query(*query, &[]).await.unwrap() {
            println!("  {}", row.get::<_, String>(0));
        }
    }
    println!("further mails to the same customer, by what they are in the records:");
    let kind =
        "select m.kind from deliveries d join messages m on m.id = d.message_id where d.provider_id = $1";
    let (mails, mut seen) = (scene.smtp.mails().clone(), HashSet::new());
    for mail in mails {
        let field = |name| mail.field(name).unwrap_or_default();
        if !seen.insert(mail.to.clone()) {
            let row = database.query_opt(kind, &[&field("Message-ID")]).await.unwrap();
            let kind = row.map_or_else(|| "unknown".to_owned(), |row| row.get::<_, String>(0));
            println!("  {kind} {} {:?} to {:?}", field("Message-ID"), field("Subject"), mail.to);
        }
    }
}

const DETAILS: &[(&str, &str)] = &[
    (
        "processes taken for dead during turns, and those that turned out to live",
        "select concat_ws(' ', count(*) filter (where cardinality(crashed) > crashes_before), 'taken for dead,',
                          count(*) filter (where cardinality(crashed) < crashes_before), 'alive after all,',
                          max(cardinality(crashed)), 'at most at once,', max(faults), 'faults at most')
         from suspicions",
    ),
    (
        "parked messages",
        "select concat_ws(' ', d.created_at, c.channel, d.conversation_id, d.reason, (
             select string_agg(concat(s.at::time(1), ' ', cardinality(s.crashed), ' ', s.faults), ', ' order by s.at)
             from suspicions s where s.conversation_id = d.conversation_id))
         from dead_letters d join conversations c on c.id = d.conversation_id",
    ),
    (
        "replies that failed",
        "select concat_ws(' ', created_at, channel, id, attempts, 'attempts,', unresolved_attempts, 'in doubt', cause,
                          error)
         from deliveries where state = 'failed'",
    ),
];
