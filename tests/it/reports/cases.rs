//! Test fixture: conversations of which people can say what a report must count them as, each with that answer.

use fte::clock;
use time::{Duration, OffsetDateTime};
use tokio_postgres::Client;
use uuid::Uuid;

/// What happened in a conversation, at so many seconds after its beginning.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Event {
    Customer(i64),
    /// A message of the customer that a turn left without an answer.
    Thanks(i64),
    /// An answer of the bot from a section, with the state of its delivery.
    Answer(i64, &'static str),
    /// One that cites nothing although the documents were searched.
    Unsourced(i64),
    /// One for which nothing was searched.
    Greeting(i64),
    /// A hand-over with its acknowledgement.
    HandOver(i64, &'static str),
    /// A hand-over without one.
    Silent(i64, &'static str),
    Claimed,
    HandedBack,
    Staff(i64, &'static str),
    FromSuggestion(i64),
    Note(i64),
    Resolved(i64),
    Reopened,
    Rated(i16),
}

/// What a report must say of a conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Expected {
    /// Its path below `resolution`.
    pub kind: &'static str,
    pub answer_ms: Option<i64>,
    pub is_durable: bool,
    pub is_reopened: bool,
    pub score: Option<i16>,
    pub lacks_source: bool,
}

pub struct Case {
    pub name: &'static str,
    /// Cases with the same customer have the same number.
    pub customer: u128,
    pub channel: &'static str,
    /// Days after the first day of the range, with seconds.
    pub begins: Duration,
    pub sentiment: Option<f32>,
    pub cost_micros: i64,
    pub events: &'static [Event],
    pub expected: Expected,
}

use Event::{
    Answer, Claimed, Customer, FromSuggestion, Greeting, HandOver, HandedBack, Note, Rated, Reopened,
    Resolved, Silent, Staff, Thanks, Unsourced,
};

const DAY: i64 = 24 * 60 * 60;
const AUTONOMOUS: Expected = Expected {
    kind: "autonomous",
    answer_ms: None,
    is_durable: false,
    is_reopened: false,
    score: None,
    lacks_source: false,
};

/// Never in human hands, with a first answer after so many milliseconds.
const fn answered(ms: i64) -> Expected {
    Expected { answer_ms: Some(ms), ..AUTONOMOUS }
}

const fn unanswered(kind: &'static str) -> Expected {
    Expected { kind, ..AUTONOMOUS }
}

const fn helped(kind: &'static str, ms: i64) -> Expected {
    Expected { kind, ..answered(ms) }
}

const fn case(
    name: &'static str,
    customer: u128,
    channel: &'static str,
    begins: Duration,
    events: &'static [Event],
    expected: Expected,
) -> Case {
    Case { name, customer, channel, begins, sentiment: None, cost_micros: 0, events, expected }
}

const fn hours(hours: i64) -> Duration {
    Duration::hours(hours)
}

const ANSWERED: &[Event] = &[Customer(0), Answer(4, "delivered"), Resolved(DAY), Rated(5)];
const PRICED: &[Event] =
    &[Customer(0), HandOver(2, "pricing"), Claimed, Staff(600, "sent"), Resolved(DAY), Rated(2)];
const RETURNED: &[Event] =
    &[Customer(0), HandOver(1, "human_request"), HandedBack, Answer(100, "read"), Resolved(DAY)];
const SUGGESTED: &[Event] = &[Customer(0), Claimed, Note(20), FromSuggestion(50), Note(60)];
const TAKEN: &[Event] =
    &[Customer(0), Answer(3, "sent"), Claimed, Staff(40, "sent"), Resolved(DAY), Reopened];
const THANKED: &[Event] = &[Customer(0), Answer(2, "delivered"), Resolved(DAY), Thanks(2 * DAY), Rated(4)];
const UNKNOWN: &[Event] = &[Customer(0), HandOver(3, "no_answer")];
const WITHDRAWN: &[Event] = &[Customer(0), Answer(3, "withdrawn"), Claimed];
const UNDELIVERED: &[Event] = &[Customer(0), Answer(3, "failed"), Silent(9, "failure")];
const TWICE: &[Event] =
    &[Customer(0), HandOver(5, "refund"), Customer(9), HandOver(12, "pricing"), Resolved(DAY)];
const AGAIN: &[Event] = &[Customer(0), Answer(2, "delivered"), Resolved(DAY), Customer(7 * DAY)];
const LATE: &[Event] = &[Customer(0), Answer(1, "delivered"), Resolved(DAY), Customer(9 * DAY)];
const ASKED: &[Event] = &[Customer(0)];

/// The range begins at hour 0 and has four days.
pub const CASES: &[Case] = &[
    Case {
        sentiment: Some(0.9),
        cost_micros: 1_500,
        expected: Expected { is_durable: true, score: Some(5), ..answered(4_000) },
        ..case("answered", 1, "web_form", hours(0), ANSWERED, AUTONOMOUS)
    },
    Case {
        sentiment: Some(0.2),
        expected: Expected { is_durable: true, score: Some(2), ..helped("handed_off.pricing", 600_000) },
        ..case("priced", 2, "email", hours(5), PRICED, AUTONOMOUS)
    },
    case("returned", 3, "whatsapp", hours(6), RETURNED, helped("assisted", 100_000)),
    // Within seven days of the end of the one before, on another channel.
    case("elsewhere", 3, "email", hours(72), ASKED, AUTONOMOUS),
    Case {
        cost_micros: 40,
        ..case("suggested", 4, "web_form", hours(24), SUGGESTED, helped("assisted", 50_000))
    },
    Case {
        expected: Expected { is_reopened: true, ..helped("taken_over", 3_000) },
        ..case("taken", 5, "web_form", hours(25), TAKEN, AUTONOMOUS)
    },
    Case {
        expected: Expected { is_durable: true, score: Some(4), ..answered(2_000) },
        ..case("thanked", 6, "web_form", hours(26), THANKED, AUTONOMOUS)
    },
    Case {
        sentiment: Some(0.4),
        expected: Expected { lacks_source: true, ..unanswered("handed_off.no_answer") },
        ..case("unknown", 7, "email", hours(27), UNKNOWN, AUTONOMOUS)
    },
    case("withdrawn", 8, "web_form", hours(28), WITHDRAWN, unanswered("taken_over")),
    case("undelivered", 9, "whatsapp", hours(29), UNDELIVERED, unanswered("handed_off.failure")),
    Case {
        expected: Expected { is_durable: true, ..unanswered("handed_off.refund") },
        ..case("twice", 10, "email", hours(30), TWICE, AUTONOMOUS)
    },
    Case {
        expected: Expected { lacks_source: true, ..answered(8_000) },
        ..case("unsourced", 11, "web_form", hours(31), &[Customer(0), Unsourced(8)], AUTONOMOUS)
    },
    case("greeted", 12, "web_form", hours(32), &[Customer(0), Greeting(1)], answered(1_000)),
    case("again", 13, "whatsapp", hours(33), AGAIN, answered(2_000)),
    Case {
        expected: Expected { is_durable: true, ..answered(1_000) },
        ..case("late", 14, "whatsapp", hours(34), LATE, AUTONOMOUS)
    },
    // The last moment of the range, and the moments before and after it.
    case("last", 15, "email", hours(96).saturating_sub(Duration::MICROSECOND), ASKED, AUTONOMOUS),
    case("before", 16, "email", Duration::microseconds(-1), ASKED, unanswered("out")),
    case("after", 17, "email", hours(96), ASKED, unanswered("out")),
];

/// Writes a case as the program would have left it; returns its conversation.
pub async fn write(database: &Client, staff: &str, first: OffsetDateTime, case: &Case) -> Uuid {
    let (conversation, ticket) = (clock::new_v7(), clock::new_v4());
    let (customer, begins) = (Uuid::from_u128(case.customer), first + case.begins);
    let begin = "with u as (insert into customers (id, name) values ($1, 'Ann') on conflict do nothing)
        insert into conversations (id, customer_id, channel, attested, last_seq, created_at, sentiment, cost_micros)
        values ($2, $1, $3, false, 100, $4, $5, $6)";
    let values: &[&(dyn tokio_postgres::types::ToSql + Sync)] =
        &[&customer, &conversation, &case.channel, &begins, &case.sentiment, &case.cost_micros];
    database.execute(begin, values).await.unwrap();
    let open = "insert into tickets (id, conversation_id, subject, category, priority)
                values ($1, $2, 'Help', 'general', 'low')";
    database.execute(open, &[&ticket, &conversation]).await.unwrap();
    for (seq, event) in (1..).zip(case.events) {
        let at = |seconds: i64| {
            let at = begins + Duration::seconds(seconds);
            format!("'{conversation}', {seq}, '{}', '{at}'", case.channel)
        };
        database.batch_execute(&sql(*event, conversation, staff, at)).await.unwrap_or_else(|error| {
            panic!("{}: {event:?}: {error:?}", case.name);
        });
    }
    conversation
}

const COLUMNS: &str =
    "insert into messages (conversation_id, seq, channel, created_at, id, direction, role, kind, content";

/// The statements of an event; `at` has the values of the first columns of a message.
fn sql(event: Event, conversation: Uuid, staff: &str, at: impl Fn(i64) -> String) -> String {
    let id = clock::new_v4();
    let by =
        format!("; insert into staff_messages (message_id, staff_id, epoch) values ('{id}', '{staff}', 1)");
    let said = |seconds, role: &str, kind: &str| {
        format!("{COLUMNS}) values ({}, '{id}', 'outbound', '{role}', '{kind}', 'Hello.')", at(seconds))
    };
    let bot = |seconds, sources: &str, tools: &str| {
        let values = format!("'{id}', 'outbound', 'agent', 'message', 'Hello.', '{sources}', '{tools}'");
        format!("{COLUMNS}, sources, tool_calls) values ({}, {values})", at(seconds))
    };
    let asked = |seconds, answered: &str| {
        let values = format!("'{id}', 'inbound', 'customer', 'message', 'How?', '{id}', {answered}");
        format!("{COLUMNS}, external_id, answered_by) values ({}, {values})", at(seconds))
    };
    let searched = r#"[{"name": "search_knowledge_base"}]"#;
    match event {
        Customer(seconds) => asked(seconds, "null"),
        Thanks(seconds) => silent_turn(id, conversation) + &asked(seconds, &format!("'{id}'")),
        Answer(seconds, state) => {
            bot(seconds, r#"[{"id": "a.md#b", "title": "B", "score": 1}]"#, searched) + &delivered(id, state)
        }
        Unsourced(seconds) => bot(seconds, "[]", searched) + &delivered(id, "delivered"),
        Greeting(seconds) => bot(seconds, "[]", "[]") + &delivered(id, "delivered"),
        HandOver(seconds, reason) => {
            let acknowledged = said(seconds, "agent", "acknowledgement") + &delivered(id, "delivered");
            acknowledged + &escalated(id, conversation, seconds, reason)
        }
        Silent(seconds, reason) => format!("select 1{}", escalated(id, conversation, seconds, reason)),
        Staff(seconds, state) => said(seconds, "staff", "message") + &by + &delivered(id, state),
        FromSuggestion(seconds) => {
            let made = "; update staff_messages set suggestion_id = gen_random_uuid() where message_id = ";
            said(seconds, "staff", "message") + &by + &format!("{made}'{id}'") + &delivered(id, "sent")
        }
        Note(seconds) => said(seconds, "staff", "note") + &by,
        Claimed | HandedBack | Resolved(_) | Reopened | Rated(_) => changed(event, conversation, staff),
    }
}

/// The statements of an event that writes no message.
fn changed(event: Event, conversation: Uuid, staff: &str) -> String {
    let of = format!("where conversation_id = '{conversation}'");
    match event {
        Claimed => format!(
            "update conversations set status = 'escalated', assignee = '{staff}' where id = '{conversation}'"
        ),
        HandedBack => {
            format!("update conversations set status = 'active', assignee = null where id = '{conversation}'")
        }
        Resolved(seconds) => format!(
            "update tickets set status = 'resolved', resolved_at = (
                 select created_at + interval '{seconds} seconds' from conversations where id = '{conversation}') {of}"
        ),
        Reopened => format!("update tickets set status = 'in_progress', resolved_at = null {of}"),
        Rated(score) => {
            format!("insert into ticket_ratings (ticket_id, score) select id, {score} from tickets {of}")
        }
        Customer(_) | Thanks(_) | Answer(..) | Unsourced(_) | Greeting(_) | HandOver(..) | Silent(..)
        | Staff(..) | FromSuggestion(_) | Note(_) => panic!("{event:?} writes a message"),
    }
}

fn silent_turn(id: Uuid, conversation: Uuid) -> String {
    format!(
        "insert into turns (id, conversation_id, epoch, covers, owner, outcome, ended_at, state)
         values ('{id}', '{conversation}', 1, 1, '{id}', 'silent', now(), 'committed');"
    )
}

fn delivered(message: Uuid, state: &str) -> String {
    format!(
        "; insert into deliveries (id, message_id, conversation_id, channel, state)
           select gen_random_uuid(), id, conversation_id, channel, '{state}' from messages where id = '{message}'"
    )
}

fn escalated(id: Uuid, conversation: Uuid, seconds: i64, reason: &str) -> String {
    format!(
        "; insert into escalations (id, conversation_id, reason, severity, summary, created_at)
           select '{id}', '{conversation}', '{reason}', 'normal', 'x', created_at + interval '{seconds} seconds'
           from conversations where id = '{conversation}';
         update conversations set status = 'escalated' where id = '{conversation}'"
    )
}
