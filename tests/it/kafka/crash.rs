//! Crash tests with Kafka under load: SIGKILL between leasing, publishing, submitting and storing.
//!
//! `FTE_TEST_CRASH_MESSAGES` messages for each failpoint, 60 if unset.

use fte::failpoint::Failpoint;
use futures_util::future::join;

use crate::support::crowd::size;
use crate::support::customers::CurrentUrl;
use crate::support::kafka::shared;
use crate::support::load::{Load, assert_all_stored, load};
use crate::support::postgres::fresh_database;
use crate::support::served::Served;
use crate::support::verdict::{all_settled, assert_answered_exactly_once, none_left};
use crate::support::wait::LIMIT;

const SIGKILL: i32 = 9;
/// The failpoint at which the process crashes, and at which hit.
const POINTS: [(Failpoint, u32); 6] = [
    (Failpoint::RelayLeased, 6),
    (Failpoint::RelayHanded, 6),
    (Failpoint::ConsumerTaken, 6),
    (Failpoint::PoolTaken, 6),
    (Failpoint::FinishCommitted, 6),
    (Failpoint::ConsumerFinished, 6),
];

#[tokio::test]
async fn a_crash_of_relay_or_consumer_loses_nothing_and_answers_nothing_twice() {
    let kafka = shared().await;
    let messages = size("FTE_TEST_CRASH_MESSAGES", 60);
    for (point, nth) in POINTS {
        let name = point.as_str();
        let url = fresh_database().await;
        let servers = ("KAFKA_BOOTSTRAP_SERVERS", kafka.servers.as_str());
        let fatal = format!("{name}:{nth}");
        let doomed = Served::start(&url, &[servers, ("FTE_FAILPOINT", &fatal)]).await;
        let endpoint = CurrentUrl::at(&doomed.base);
        let restart = async {
            assert_eq!(doomed.wait_death().await, Some(SIGKILL), "{name}");
            let next = Served::start(&url, &[servers]).await;
            endpoint.move_to(&next.base);
            next
        };
        let (posts, next) = join(load(&endpoint, messages, Load::Mixed), restart).await;

        none_left(&url, "select count(*) from outbox", LIMIT).await;
        let settled = all_settled(&url, LIMIT).await;
        println!("{name}: {} messages, all answered {settled:?} after the last", posts.len());
        assert_answered_exactly_once(&url).await;
        assert_all_stored(&url, &posts, name).await;
        let interrupted = posts.iter().filter(|post| post.accepted.tries > 1).count();
        assert!(interrupted > 0, "{name}: it crashed after the load");
        next.terminate().await;
    }
}
