//! `fte dead-letters` beside a running server: the list, a retry, a dismissal, and what is refused.

use serde_json::json;

use super::rig::Team;
use crate::accounts::client::run;
use crate::operations::commands::fte_with;
use crate::support::postgres::fresh_database;
use crate::support::served::Served;

#[tokio::test]
async fn parked_messages_are_listed_retried_and_dismissed_on_the_command_line() {
    let url = fresh_database().await;
    let team = Team::serving(&url, Served::start(&url, &[("AGENT_POOL_SIZE", "0")]).await).await;
    let ann = team.agent(&url, "ann@example.com", "agent").await;
    let (retried, conversation) = team.parked().await;
    let (answered, with_reply) = team.parked().await;
    ann.reply(&team, &with_reply, "A person answers.").await;

    let list = async || run(&url, &["dead-letters", "list", "--json"]).await;
    assert_eq!(list().await, ann.get("/staff/parked").await["items"], "as the console lists them");
    assert_eq!(
        run(&url, &["dead-letters", "retry", &retried, "--json"]).await,
        json!({"id": retried, "retried": true})
    );
    let waits = "select answered_through = 0 and status = 'active' from conversations where id::text = $1";
    assert!(team.database.query_one(waits, &[&conversation]).await.unwrap().get::<_, bool>(0));
    for (id, why) in [(&retried, "no parked message"), (&answered, "staff have replied")] {
        let output = fte_with(&url, &["dead-letters", "retry", id], "", &[]).await;
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains(why), "{error}");
    }
    assert_eq!(
        run(&url, &["dead-letters", "dismiss", &answered, "--json"]).await,
        json!({"id": answered, "dismissed": true})
    );
    assert_eq!(list().await, json!([]));
}
