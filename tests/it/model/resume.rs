//! Crash tests between any two steps of a turn: it resumes from its recorded steps, and recorded model calls are not
//! repeated. The fake service counts the calls.

use fte::fakes::openai::{Act, Asked, FakeOpenai, FakeReply};
use serde_json::json;

use super::served::serve;
use crate::support::customers::{Customer, FORGOTTEN, replies};
use crate::support::postgres::{client, fresh_database};
use crate::support::verdict::{all_settled, assert_answered_exactly_once, count};
use crate::support::wait::LIMIT;

const SIGKILL: i32 = 9;

/// Searches once, then answers.
fn searching(asked: &Asked) -> Act {
    if asked.replies() == 0 {
        return FakeReply::call(
            "search_knowledge_base",
            &json!({ "query": "reset password", "max_results": 2 }),
        )
        .into();
    }
    let passages = asked.passages();
    FakeReply::response("Select Forgot password.", &[passages.first().map_or("none", |(id, _)| id)]).into()
}

/// The failpoint, the hit at which the process crashes, and the number of model calls of the whole turn.
const DEATHS: [(&str, usize); 8] = [
    ("turn.begun:1", 2),
    ("turn.searched:1", 2),
    // The model's reply is not recorded yet: it must be requested again.
    ("turn.modelled:1", 3),
    ("turn.recorded:1", 2),
    ("turn.searched:2", 2),
    ("turn.recorded:2", 2),
    ("turn.modelled:2", 3),
    ("turn.recorded:3", 2),
];

#[tokio::test]
async fn after_a_crash_at_any_step_no_recorded_model_call_is_repeated() {
    for (point, calls) in DEATHS {
        let (url, fake) = (fresh_database().await, FakeOpenai::start(searching).unwrap());
        let doomed = serve(&url, &fake, &[("FTE_FAILPOINT", point)]).await;
        let ticket = Customer::of(&doomed.base).submit("ann@example.com", "1", FORGOTTEN).await.ticket();
        assert_eq!(doomed.wait_death().await, Some(SIGKILL), "{point}");
        let served = serve(&url, &fake, &[]).await;
        let view = Customer::of(&served.base).replied(&ticket, 1, LIMIT).await;
        assert_eq!(replies(&view).len(), 1, "{point}: {view}");
        assert_eq!(fake.ledger().chats().len(), calls, "{point}");
        all_settled(&url, LIMIT).await;
        assert_answered_exactly_once(&url).await;
        let tokens = "select tokens from model_spend";
        assert_eq!(
            count(&client(&url).await, tokens).await,
            2 * 1_280,
            "{point}: counted once a recorded step"
        );
    }
}

#[tokio::test]
async fn after_a_crash_around_the_commit_no_model_call_is_repeated() {
    for point in ["turn.finish.before:1", "crm.finish.committed:1"] {
        let (url, fake) = (fresh_database().await, FakeOpenai::start(searching).unwrap());
        let doomed = serve(&url, &fake, &[("FTE_FAILPOINT", point)]).await;
        let ticket = Customer::of(&doomed.base).submit("ann@example.com", "1", FORGOTTEN).await.ticket();
        assert_eq!(doomed.wait_death().await, Some(SIGKILL), "{point}");
        let served = serve(&url, &fake, &[]).await;
        Customer::of(&served.base).replied(&ticket, 1, LIMIT).await;
        assert_eq!(fake.ledger().chats().len(), 2, "{point}");
        assert_answered_exactly_once(&url).await;
    }
}
