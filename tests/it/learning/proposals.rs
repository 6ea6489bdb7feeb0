//! Proposals: who may make and decide them, what is refused, and requests that are repeated.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::console::rig::{Agent, Team};
use crate::mcp::client::token;
use crate::support::postgres::fresh_database;
use crate::support::served::Served;

const PROPOSALS: &str = "/staff/knowledge/proposals";
const NOWHERE: &str = "11111111-1111-4111-8111-111111111111";

/// A program with a token.
struct Program<'a> {
    base: &'a str,
    token: String,
}

impl Program<'_> {
    async fn ask(&self, method: Method, path: &str, body: Option<Value>, key: Option<&str>) -> (u16, Value) {
        let http = fte::http_client::builder().no_proxy().build().unwrap();
        let mut request = http.request(method, format!("{}{path}", self.base)).bearer_auth(&self.token);
        request = body.iter().fold(request, RequestBuilder::json);
        request = key.into_iter().fold(request, |request, key| request.header("idempotency-key", key));
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap_or_default())
    }
}

fn audit_trail() -> Value {
    json!({"op": "create", "title": "Export the audit trail", "body": "Open **Audit** and press Export."})
}

#[tokio::test]
async fn programs_propose_and_admins_decide() {
    let url = fresh_database().await;
    let team = Team::serving(&url, Served::start(&url, &[("AGENT_POOL_SIZE", "0")]).await).await;
    let admin = team.agent(&url, "admin@example.com", "admin").await;
    let agent = team.agent(&url, "agent@example.com", "agent").await;
    let base = team.served.base.as_str();
    let ingest = Program { base, token: token(&url, &["--scope", "ingest"]).await };
    let reader = Program { base, token: token(&url, &["--scope", "read"]).await };
    let made = whoever_may_not_propose_may_read(&ingest, &reader).await;
    let path = format!("{PROPOSALS}/{}", made["id"].as_str().unwrap());
    only_admins_decide(&path, &ingest, &agent, &admin).await;
    what_names_nothing_is_refused(&agent, &admin).await;
    a_rejected_proposal_is_over(&path, &ingest, &admin).await;
    let listed = agent.get(&format!("{PROPOSALS}?state=rejected&limit=1")).await;
    assert_eq!((&listed["items"][0]["id"], &listed["next_cursor"]), (&made["id"], &Value::Null));
}

async fn whoever_may_not_propose_may_read(ingest: &Program<'_>, reader: &Program<'_>) -> Value {
    let new = audit_trail();
    assert_eq!(reader.ask(Method::POST, PROPOSALS, Some(new.clone()), None).await.0, 403);
    let (status, made) = ingest.ask(Method::POST, PROPOSALS, Some(new.clone()), Some("k1")).await;
    assert_eq!((status, &made["state"], &made["run"]), (201, &json!("draft"), &Value::Null), "{made}");
    let repeated = ingest.ask(Method::POST, PROPOSALS, Some(new), Some("k1")).await;
    assert_eq!((repeated.0, &repeated.1["id"]), (201, &made["id"]));
    let other = json!({"op": "create", "title": "Other", "body": "Text."});
    assert_eq!(ingest.ask(Method::POST, PROPOSALS, Some(other), Some("k1")).await.0, 422);
    let path = format!("{PROPOSALS}/{}", made["id"].as_str().unwrap());
    for program in [ingest, reader] {
        assert_eq!(program.ask(Method::GET, &path, None, None).await, (200, made.clone()));
        assert_eq!(program.ask(Method::GET, "/staff/knowledge/gaps", None, None).await.0, 200);
    }
    assert_eq!(ingest.ask(Method::GET, "/staff/knowledge/articles", None, None).await.0, 403);
    made
}

/// Not programs that only propose, not agents, and nobody without a run.
async fn only_admins_decide(path: &str, ingest: &Program<'_>, agent: &Agent, admin: &Agent) {
    let approve = format!("{path}/approve");
    assert_eq!(ingest.ask(Method::POST, &approve, Some(json!({"force": true})), None).await.0, 403);
    assert_eq!(agent.post(&approve, json!({"force": true})).await.0, 403);
    assert_eq!(agent.post(&format!("{path}/reject"), json!({"reason": "No."})).await.0, 403);
    let (status, problem) = admin.post(&approve, json!({})).await;
    assert_eq!((status, &problem["code"]), (409, &json!("not_run")), "{problem}");
    assert_eq!(agent.post(&format!("{path}/run"), json!({"cases": 201})).await.0, 422);
}

async fn what_names_nothing_is_refused(agent: &Agent, admin: &Agent) {
    for (body, field) in [
        (json!({"op": "update", "article_id": "no.md#such", "body": "x"}), "article_id"),
        (json!({"op": "delete", "article_id": "no.md#such"}), "article_id"),
        (json!({"op": "create", "title": "A", "body": "B", "gap_id": NOWHERE}), "gap_id"),
        (json!({"op": "create", "title": "A"}), "body"),
        (json!({"title": "A", "body": "B"}), "op"),
        (json!({"op": "create", "title": "A", "body": "B", "x": 1}), "x"),
    ] {
        let (status, problem) = agent.post(PROPOSALS, body.clone()).await;
        assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!(field)), "{body}: {problem}");
    }
    for (path, expected) in [
        (format!("{PROPOSALS}/{NOWHERE}"), 404),
        (format!("{PROPOSALS}/x"), 404),
        ("/staff/knowledge/articles/no.md%23such".to_owned(), 404),
        ("/staff/knowledge/articles/no.md%23such/revisions".to_owned(), 404),
        (format!("{PROPOSALS}?state=new"), 422),
        (format!("{PROPOSALS}?cursor=x"), 422),
    ] {
        assert_eq!(agent.ask("GET", &path, None).await.0, expected, "{path}");
    }
    for action in ["run", "approve", "reject"] {
        let body = if action == "reject" { json!({"reason": "No."}) } else { json!({}) };
        assert_eq!(admin.post(&format!("{PROPOSALS}/{NOWHERE}/{action}"), body).await.0, 404, "{action}");
    }
}

/// An edit keeps what it does not name; after a decision there is none.
async fn a_rejected_proposal_is_over(path: &str, ingest: &Program<'_>, admin: &Agent) {
    let (status, edited) = ingest.ask(Method::PUT, path, Some(json!({"title": "Exports"})), None).await;
    assert_eq!((status, &edited["title"], &edited["body"]), (200, &json!("Exports"), &audit_trail()["body"]));
    let (status, rejected) = admin.post(&format!("{path}/reject"), json!({"reason": "It is known."})).await;
    assert_eq!((status, &rejected["state"]), (200, &json!("rejected")));
    assert_eq!(
        (&rejected["reason"], &rejected["decided_by"]["name"]),
        (&json!("It is known."), &json!("Ann Lee"))
    );
    for (method, path, body) in [
        ("PUT", path.to_owned(), json!({"title": "Again"})),
        ("POST", format!("{path}/run"), json!({})),
        ("POST", format!("{path}/approve"), json!({"force": true})),
        ("POST", format!("{path}/reject"), json!({"reason": "No."})),
    ] {
        let (status, problem) = admin.ask(method, &path, Some(body)).await;
        assert_eq!((status, &problem["code"]), (409, &json!("not_draft")), "{method} {path}: {problem}");
    }
}
