//! Crash tests: SIGKILL at every failpoint on a message's path, under load; nothing is lost, answered twice or done
//! twice.
//!
//! `FTE_TEST_CRASH_MESSAGES` sets the total number of messages, 2,000 if unset.

use std::time::Duration;

use fte::clock;
use fte::failpoint::Failpoint;
use futures_util::future::{join, join_all};
use futures_util::stream::{self, StreamExt};
use tokio_postgres::Client;

use crate::support::customers::{CurrentUrl, Customer, FORGOTTEN};
use crate::support::load::{Load, assert_all_stored, load};
use crate::support::postgres::{client, fresh_database};
use crate::support::process::argument;
use crate::support::served::Served;
use crate::support::verdict::{
    all_settled, assert_answered_exactly_once, count, none_left, remember_recordings, repeated_recordings,
};
use crate::support::wait::LIMIT;

const MESSAGES: usize = 2000;
/// API.md: after any crash and restart, waiting work is resumed within 10 s; six times that here, because the test
/// machine is busy. Work that depends on anything but a lease and a sweep would never be resumed.
const TAKEN_UP_TIMEOUT: Duration = Duration::from_secs(60);
/// How long a busy machine may take for all that waited, with our own code unoptimised.
const WORKED_OFF_TIMEOUT: Duration = LIMIT.saturating_mul(3);
/// Failpoints tested in parallel: a crash test mostly waits for leases to expire.
const AT_ONCE: usize = 3;
const SIGKILL: i32 = 9;

/// The failpoint at which the process crashes, and the messages sent to it.
#[derive(Clone, Copy)]
struct Case {
    point: Failpoint,
    /// The hit of the failpoint at which it crashes, during the load.
    nth: u32,
    load: Load,
}

impl Case {
    /// Failpoints covered elsewhere: those of the desk, the courier and the supervisor are not on a message's path, those of chats
    /// are not on the form's path, and those of Kafka need Kafka. See `desk.rs`, `webhooks/`, `panics.rs`, `whatsapp/crash.rs`,
    /// `whatsapp/linking.rs`, `kafka/crash.rs`, `mailbox/reports.rs`.
    fn of(point: Failpoint) -> Option<Self> {
        let case = |nth| Some(Self { point, nth, load: Load::Mixed });
        match point {
            Failpoint::IntakeReceived => case(30),
            Failpoint::StoreBefore
            | Failpoint::StoreCommitted
            | Failpoint::RelayLeased
            | Failpoint::RelayHanded
            | Failpoint::PoolTaken
            | Failpoint::FinishCommitted => case(5),
            Failpoint::DeliveryBefore => case(3),
            Failpoint::TurnBegun | Failpoint::TurnSearched | Failpoint::TurnModelled => case(20),
            Failpoint::TurnRecorded | Failpoint::FinishBefore => {
                Some(Self { point, nth: 20, load: Load::Questions })
            }
            Failpoint::SweeperSwept => case(1),
            Failpoint::ChatBefore
            | Failpoint::ChatAnswered
            | Failpoint::FetcherLeased
            | Failpoint::IdentityLinkerLeased
            | Failpoint::IdentityLinkerMailed
            | Failpoint::IdentityLinkerJoined
            | Failpoint::CourierLeased
            | Failpoint::CourierPosted
            | Failpoint::DeskLeased
            | Failpoint::DeskTold
            | Failpoint::ReportSent
            | Failpoint::ConsumerTaken
            | Failpoint::ConsumerFinished
            | Failpoint::MailAccepted
            | Failpoint::DraftMade
            | Failpoint::DraftStored
            | Failpoint::FeedListed
            | Failpoint::FeedWritten
            | Failpoint::FeedStored
            | Failpoint::SupervisorAsked => None,
        }
    }
}

#[tokio::test]
async fn a_crash_at_any_failpoint_loses_nothing_and_answers_nothing_twice() {
    let messages = argument("FTE_TEST_CRASH_MESSAGES").map_or(MESSAGES, |count| count.parse().unwrap());
    let cases: Vec<Case> = Failpoint::ALL.iter().copied().filter_map(Case::of).collect();
    assert!(cases.len() >= 10, "too few failpoints");
    let for_each = messages.div_ceil(cases.len());
    let crashes = cases.into_iter().map(|case| crash(case, for_each));
    let summaries: Vec<String> = stream::iter(crashes).buffer_unordered(AT_ONCE).collect().await;
    println!("{}", summaries.join("\n"));
}

/// Crashes the program, restarts it and checks the records; returns a line that describes the run.
async fn crash(case: Case, messages: usize) -> String {
    let name = case.point.as_str();
    let url = fresh_database().await;
    remember_recordings(&url).await;
    if case.point == Failpoint::SweeperSwept {
        leave_work_for_the_sweeper(&url).await;
    }
    let doomed = Served::start(&url, &[("FTE_FAILPOINT", &format!("{name}:{}", case.nth))]).await;
    let endpoint = CurrentUrl::at(&doomed.base);

    let (accepted, after) =
        join(load(&endpoint, messages, case.load), restart(doomed, &endpoint, &url)).await;

    let settled = all_settled(&url, WORKED_OFF_TIMEOUT).await;
    assert_answered_exactly_once(&url).await;
    assert_all_stored(&url, &accepted, name).await;
    let repeated = repeated_recordings(&url).await;
    assert_eq!(repeated, 0, "{name}: recorded steps were done again");
    let interrupted = accepted.iter().filter(|post| post.accepted.tries > 1).count();
    assert!(interrupted > 0, "{name}: it crashed after the load");
    let resumed = assert_resumed(&url, &after.unfinished).await;
    if case.load == Load::Questions {
        assert!(resumed > 0, "{name}: no turn had recorded steps at the crash");
    }
    after.served.kill9().await;
    format!(
        "{name}: {} messages, {interrupted} posts repeated, {} messages waited, taken up in {:.1} s, {resumed} turns \
         resumed, all settled {:.1} s after the last post",
        accepted.len(),
        after.waiting,
        after.taken_up.as_secs_f64(),
        settled.as_secs_f64(),
    )
}

/// A process that crashes while turns run leaves their leases behind.
async fn leave_work_for_the_sweeper(url: &str) {
    let doomed = Served::start(url, &[("FTE_FAILPOINT", "turn.begun:5")]).await;
    let ann = Customer::of(&doomed.base);
    let keys: Vec<String> = (0..10).map(|n| format!("left-{n}")).collect();
    let posts = join_all(keys.iter().map(|key| ann.submit_once("ann@example.com", key, FORGOTTEN)));
    let (_answered_or_not, death) = join(posts, doomed.wait_death()).await;
    assert_eq!(death, Some(SIGKILL));
}

/// The state that a crash left, and the restarted process.
struct After {
    served: Served,
    waiting: i64,
    taken_up: Duration,
    unfinished: Vec<Unfinished>,
}

/// Waits for the SIGKILL, reads the remaining state, and starts a process without a failpoint.
async fn restart(doomed: Served, endpoint: &CurrentUrl, url: &str) -> After {
    assert_eq!(doomed.wait_death().await, Some(SIGKILL));
    // Statements that the killed process had already sent may still commit.
    let sessions = "select count(*) from pg_stat_activity
                    where datname = current_database() and application_name = 'fte'";
    none_left(url, sessions, LIMIT).await;
    let database = client(url).await;
    let unfinished = unfinished(&database).await;
    let died: String = database.query_one("select now()::text", &[]).await.unwrap().get(0);
    let left = format!(
        "select count(*) from messages m join conversations c on c.id = m.conversation_id
         where m.direction = 'inbound' and m.answered_by is null and c.status = 'active'
           and m.created_at <= '{died}'::timestamptz"
    );
    let waiting = count(&database, &left).await;
    let served = Served::start(url, &[]).await;
    endpoint.move_to(&served.base);
    let fewer = format!("select count(*) from ({left}) l (n) where n > 0 and n >= {waiting}");
    none_left(url, &fewer, LIMIT).await;
    let taken_up = clock::monotonic().duration_since(served.since);
    assert!(taken_up < TAKEN_UP_TIMEOUT, "resumed in {taken_up:?}: {}", served.log());
    none_left(url, &left, WORKED_OFF_TIMEOUT).await;
    After { served, waiting, taken_up, unfinished }
}

/// A turn with recorded steps that was not finished.
struct Unfinished {
    turn: String,
    steps: String,
}

const STEPS: &str = "(select json_agg(s order by s.number)::text from turn_steps s where s.turn_id = t.id)";

async fn unfinished(database: &Client) -> Vec<Unfinished> {
    let query = format!(
        "select t.id::text, {STEPS} from turns t
         where t.ended_at is null and exists (select from turn_steps s where s.turn_id = t.id)"
    );
    let rows = database.query(&query, &[]).await.unwrap();
    rows.iter().map(|row| Unfinished { turn: row.get(0), steps: row.get(1) }).collect()
}

/// Checks that each of them was finished with its recorded steps unless a newer message arrived; returns how many were.
async fn assert_resumed(url: &str, unfinished: &[Unfinished]) -> usize {
    let database = client(url).await;
    let query = format!(
        "select {STEPS}, t.outcome from turns t where t.id::text = $1 and t.covers = (
             select max(m.seq) from messages m
             where m.conversation_id = t.conversation_id and m.direction = 'inbound')"
    );
    let mut resumed = 0;
    for left in unfinished {
        let Some(row) = database.query_opt(&query, &[&left.turn]).await.unwrap() else {
            continue;
        };
        assert_eq!(row.get::<_, String>(0), left.steps, "turn {} repeated its steps", left.turn);
        assert!(row.get::<_, Option<String>>(1).is_some(), "turn {} was not resumed", left.turn);
        resumed += 1;
    }
    resumed
}
