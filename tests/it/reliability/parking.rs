//! Poison message test: a message that crashes its own turns is dead-lettered, staff get it, the customer is told so
//! once, and other work continues.

use std::time::Duration;

use fte::fakes::openai::{Act, Asked, FakeOpenai, named};

use crate::model::served::serve;
use crate::support::postgres::{client, fresh_database};
use crate::support::records::{accept, store, submission};
use crate::support::served::Served;
use crate::support::verdict::{all_settled, count, none_left};
use crate::support::wait::{LIMIT, becomes};

/// Longer than the test needs to see a turn that runs.
const THINKS: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_message_whose_turns_keep_crashing_goes_to_staff_and_another_one_is_answered() {
    let url = fresh_database().await;
    let store = store(&url);
    let bad = accept(&store, submission("bad@example.com", "bad")).await;
    let good = accept(&store, submission("good@example.com", "good")).await;
    let database = client(&url).await;
    let faults = format!("update conversations set faults = 3 where id = '{}'", bad.conversation);
    database.batch_execute(&faults).await.unwrap();

    let _served = Served::start(&url, &[]).await;
    all_settled(&url, LIMIT).await;

    let of = |table: &str, what: &str| {
        format!("select count(*) from {table} where {what} and conversation_id = '{}'", bad.conversation)
    };
    assert_eq!(count(&database, &of("dead_letters", "turn_id is not null")).await, 1);
    assert_eq!(count(&database, &of("escalations", "reason = 'failure'")).await, 1);
    assert_eq!(count(&database, &of("messages", "kind = 'acknowledgement'")).await, 1);
    assert_eq!(count(&database, &of("messages", "direction = 'outbound'")).await, 1);
    assert_eq!(count(&database, &of("turns", "outcome = 'escalate'")).await, 1);
    let answered = format!(
        "select count(*) from messages where direction = 'outbound' and kind = 'message' and conversation_id = '{}'",
        good.conversation
    );
    assert_eq!(count(&database, &answered).await, 1);
}

fn slow(asked: &Asked) -> Act {
    let act = named("grounded").unwrap().act(asked);
    Act { after: act.after + THINKS, ..act }
}

/// Both were being worked on at three deaths. One of them runs at the fourth.
#[tokio::test]
async fn a_quarantined_message_that_waits_for_its_turn_is_not_parked_by_the_death_of_another_one() {
    let (url, fake) = (fresh_database().await, FakeOpenai::start(slow).unwrap());
    let (store, database) = (store(&url), client(&url).await);
    for name in ["one", "two"] {
        accept(&store, submission(&format!("{name}@example.com"), name)).await;
    }
    let deaths = "update conversations set crashed_owners = array[gen_random_uuid(), gen_random_uuid(), gen_random_uuid()]";
    database.batch_execute(deaths).await.unwrap();
    let too_young = "select (pg_postmaster_start_time() > now() - interval '6 seconds')::int::bigint";
    none_left(&url, too_young, LIMIT).await;

    let doomed = serve(&url, &fake, &[]).await;
    let owned = "select count(*) from conversations where lease_owner is not null and (select count(*) from turns) = 2";
    becomes("one of them runs, and the other owns nothing", 1, async || count(&database, owned).await).await;
    doomed.kill9().await;

    let _served = Served::start(&url, &[]).await;
    all_settled(&url, LIMIT).await;
    assert_eq!(count(&database, "select count(*) from dead_letters").await, 1);
    let answered = "select count(*) from messages where direction = 'outbound' and kind = 'message'";
    assert_eq!(count(&database, answered).await, 1);
}
