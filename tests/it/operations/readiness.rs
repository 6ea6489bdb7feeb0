//! Tests of readiness: it fails while no submission can be stored, and recovers with the cause.

use std::time::Duration;

use reqwest::Client;
use serde_json::{Value, json};

use crate::support::postgres::{client, fresh_database};
use crate::support::served::Served;
use crate::support::wait::{becomes, eventually};

/// The time in which readiness must notice a failure, with room for a busy machine.
const NOTICED: Duration = Duration::from_secs(20);

async fn ready(http: &Client, base: &str) -> (u16, Value) {
    let response = http.get(format!("{base}/health/ready")).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

/// The names of the failed checks.
fn failed(report: &Value) -> Vec<&Value> {
    let checks = report["checks"].as_array().unwrap().iter();
    checks.filter(|check| check["status"] == "failed").map(|check| &check["name"]).collect()
}

async fn submit(http: &Client, base: &str) -> u16 {
    let form = json!({
        "name": "Ann", "email": "ann@example.com", "subject": "Sign in", "category": "technical",
        "message": "I forgot my password.",
    });
    http.post(format!("{base}/support/submit")).json(&form).send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn readiness_follows_whether_submissions_can_be_stored() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[("AGENT_POOL_SIZE", "0")]).await;
    let http = fte::http_client::builder().no_proxy().build().unwrap();
    assert_eq!((ready(&http, &served.base).await.0, submit(&http, &served.base).await), (200, 201));
    let admin = client(&url).await;
    let causes = [
        ("begin; lock table messages in exclusive mode", "rollback"),
        (
            "alter table tickets add constraint none_new check (false) not valid",
            "alter table tickets drop constraint none_new",
        ),
    ];
    for (cause, remedy) in causes {
        admin.batch_execute(cause).await.unwrap();
        let (report, took) =
            eventually("not ready", NOTICED, async || match ready(&http, &served.base).await {
                (503, report) => Ok(report),
                (status, report) => Err((status, report)),
            })
            .await;
        println!("{cause}: noticed after {took:?}");
        assert_eq!(failed(&report), ["database"], "{report}");
        admin.batch_execute(remedy).await.unwrap();
        let (_, took) = eventually("ready again", NOTICED, async || match ready(&http, &served.base).await {
            (200, _) => Ok(()),
            (status, report) => Err((status, report)),
        })
        .await;
        println!("{remedy}: ready after {took:?}");
        becomes("submissions are stored", 201, async || submit(&http, &served.base).await).await;
    }
    let probed = "select (select count(*) from customers where name = 'probe') + (select count(*) from outbox
                  where payload::text like '%probe%')";
    assert_eq!(admin.query_one(probed, &[]).await.unwrap().get::<_, i64>(0), 0, "probes leave nothing");
}
