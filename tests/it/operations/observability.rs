//! Tests of what a running program shows: every metric that dashboards and alerts name, and logs without customers'
//! texts.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::customers::{Customer, FORGOTTEN, PRICING};
use crate::support::postgres::{client, fresh_database};
use crate::support::twilio::FakeTwilio;
use crate::support::verdict::none_left;
use crate::support::wait::LIMIT;
use crate::support::whatsapp::form;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const ANN: &str = "+4915112345678";

/// Names of metrics in the files of `deploy/observability`, histograms by their own name.
fn named() -> BTreeSet<String> {
    let folder = std::path::Path::new(ROOT).join("deploy/observability");
    let mut texts = vec![std::fs::read_to_string(folder.join("alerts.yml")).unwrap()];
    for entry in std::fs::read_dir(folder.join("dashboards")).unwrap() {
        texts.push(std::fs::read_to_string(entry.unwrap().path()).unwrap());
    }
    let text = texts.join("\n");
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let metrics = words.filter(|word| {
        let is_metric = word.starts_with("fte_") || word.starts_with("http_");
        is_metric && *word != "http_"
    });
    metrics.map(|word| base(word).to_owned()).collect()
}

fn base(name: &str) -> &str {
    ["_bucket", "_sum", "_count"].iter().find_map(|part| name.strip_suffix(part)).unwrap_or(name)
}

#[tokio::test]
async fn every_metric_of_the_dashboards_and_alerts_is_there() {
    let url = fresh_database().await;
    let twilio = FakeTwilio::open();
    let served = twilio.serve(&url, &[("ESCALATION_WEBHOOK_URL", "http://127.0.0.1:9/unreachable")]).await;
    let ann = Customer::of(&served.base);
    let ticket = ann.submit("ann@example.com", "1", FORGOTTEN).await.ticket();
    ann.replied(&ticket, 1, LIMIT).await;
    ann.submit("ann@example.com", "2", PRICING).await;
    twilio.write(&served.base, &form(ANN, "SM1", FORGOTTEN)).await;
    twilio.replied(ANN, 1, LIMIT).await;
    let unsettled =
        "select count(*) from conversations where status = 'active' and answered_through < last_inbound";
    none_left(&url, unsettled, LIMIT).await;

    let text = ann.get("/metrics").await.unwrap().text().await.unwrap();
    let shown: BTreeSet<&str> =
        text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect();
    let named = named();
    assert!(named.len() > 30, "{named:?}");
    let missing: Vec<&String> = named.iter().filter(|name| !shown.contains(name.as_str())).collect();
    assert!(missing.is_empty(), "{missing:?} in {text}");
    for line in [
        r#"fte_escalations_total{reason="pricing"} 1"#,
        r#"fte_escalations_total{reason="legal"} 0"#,
        r#"fte_actor_panics_total{actor="relay"} 0"#,
        r#"fte_delivery_failures_total{cause="account",channel="whatsapp"} 0"#,
        "fte_message_oldest_waiting_seconds 0",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} in {text}");
    }
    assert!(text.lines().any(|line| line.starts_with("fte_build_info{version=\"")), "{text}");
}

#[tokio::test]
async fn the_age_of_the_oldest_message_is_shown() {
    let url = fresh_database().await;
    let twilio = FakeTwilio::open();
    let served = twilio.serve(&url, &[("AGENT_POOL_SIZE", "0")]).await;
    let ann = Customer::of(&served.base);
    ann.submit("ann@example.com", "1", FORGOTTEN).await;
    let database = client(&url).await;
    let older = "update messages set created_at = created_at - interval '10 minutes'";
    database.batch_execute(older).await.unwrap();
    let age = async || ann.metric("fte_message_oldest_waiting_seconds").await.filter(|age| *age >= 600);
    crate::support::wait::eventually("the age of the message", LIMIT, async || age().await.ok_or(())).await;
}

#[tokio::test]
async fn the_log_of_production_is_json_without_customers_texts() {
    const MARKER: &str = "Xylophonmarker";
    let url = fresh_database().await;
    let twilio = FakeTwilio::open();
    let variables = [
        ("ENVIRONMENT", "production"),
        ("API_HOST", "127.0.0.1"),
        ("MEDIA_ALLOWED_ORIGINS", ""),
        ("SUBMIT_RATE_PER_MINUTE", "0"),
    ];
    let served = twilio.serve(&url, &variables).await;
    let ann = Customer::of(&served.base);
    let ticket = ann.submit("ann@example.com", "1", &format!("{MARKER}: {FORGOTTEN}")).await.ticket();
    ann.replied(&ticket, 1, LIMIT).await;
    twilio.write(&served.base, &form(ANN, "SM1", &format!("{MARKER}? {FORGOTTEN}"))).await;
    twilio.replied(ANN, 1, LIMIT).await;
    // A malformed body and a forged webhook are logged, too, if anything is.
    let refused = ann.submit_once("no address", "x", MARKER).await.unwrap();
    assert_eq!(refused.status().as_u16(), 422);

    let log = served.log();
    // The password of the first account is printed once, beside the log.
    let logged = log.lines().filter(|line| !line.starts_with("staff sign in at "));
    let lines: Vec<Value> =
        logged.map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"))).collect();
    assert!(lines.len() > 3, "{log}");
    for line in &lines {
        for member in ["timestamp", "level", "target"] {
            assert!(line[member].is_string(), "{member} in {line}");
        }
    }
    for text in [MARKER, "ann@example.com", ANN, "served-to-tests", "twilio-token"] {
        assert!(!log.contains(text), "{text} is in the log: {log}");
    }
}
