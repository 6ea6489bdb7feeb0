//! Poison message test: a message that crashes its own turns is dead-lettered, staff get it, the customer is told so
//! once, and other work continues.

use crate::support::postgres::{client, fresh_database};
use crate::support::records::{accept, store, submission};
use crate::support::served::Served;
use crate::support::verdict::{all_settled, count};
use crate::support::wait::LIMIT;

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
