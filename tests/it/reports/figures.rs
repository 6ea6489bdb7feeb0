//! Figures: each from the answers of the cases, not from the records; and the list behind each of them.

use std::collections::{BTreeMap, BTreeSet};

use fte::clock;
use fte::domain::enums::Reason;
use fte::domain::reports::Figure;
use serde_json::{Map, Value, json};
use time::{Date, Duration, OffsetDateTime};
use uuid::Uuid;

use super::breakdowns;
use super::cases::{CASES, Case, Event, write};
use crate::console::rig::{Agent, Team};
use crate::operations::commands::fte_with;
use crate::support::postgres::fresh_database;
use crate::support::served::Served;

/// The first day of the range: long enough ago that every ticket's seven days are over.
fn first_day() -> OffsetDateTime {
    (clock::now() - Duration::days(30)).replace_time(time::Time::MIDNIGHT)
}

pub struct Written {
    pub case: &'static Case,
    pub id: String,
    day: Date,
}

/// The cases that belong to the range of four days.
fn inside(written: &[Written]) -> Vec<&Written> {
    written.iter().filter(|written| written.case.expected.kind != "out").collect()
}

/// Linear between the two nearest values, rounded.
fn percentile(written: &[&Written], percent: i64) -> Value {
    let mut times: Vec<i64> = written.iter().filter_map(|written| written.case.expected.answer_ms).collect();
    times.sort_unstable();
    let Some(last) = i64::try_from(times.len()).ok().filter(|count| *count > 0).map(|count| count - 1) else {
        return Value::Null;
    };
    let (place, rest) = (percent * last / 100, percent * last % 100);
    let at = |place: i64| times[usize::try_from(place.min(last)).unwrap()];
    let (low, high) = (at(place), at(place + 1));
    json!((low * 100 + (high - low) * rest + 50) / 100)
}

fn mean(values: &[f64]) -> Value {
    if values.is_empty() { Value::Null } else { json!(values.iter().sum::<f64>() / values.len() as f64) }
}

pub fn expected(written: &[&Written]) -> Value {
    let count = |is: &dyn Fn(&Case) -> bool| written.iter().filter(|written| is(written.case)).count();
    let kind = |kind: &'static str| count(&move |case: &Case| case.expected.kind == kind);
    let mut reasons = Map::new();
    for reason in written.iter().filter_map(|written| written.case.expected.kind.strip_prefix("handed_off."))
    {
        let of = count(&|case: &Case| case.expected.kind == format!("handed_off.{reason}"));
        reasons.insert(reason.to_owned(), json!(of));
    }
    let scores: Vec<f64> =
        written.iter().filter_map(|written| written.case.expected.score).map(f64::from).collect();
    let moods: Vec<f64> =
        written.iter().filter_map(|written| written.case.sentiment).map(f64::from).collect();
    json!({
        "conversations": written.len(),
        "answer_ms": {"p50": percentile(written, 50), "p95": percentile(written, 95)},
        "resolution": {
            "autonomous": kind("autonomous"),
            "assisted": kind("assisted"),
            "handed_off": reasons,
            "taken_over": kind("taken_over"),
            "durable": count(&|case: &Case| case.expected.is_durable),
            "reopened": count(&|case: &Case| case.expected.is_reopened),
        },
        "csat": {"count": scores.len(), "avg": mean(&scores)},
        "sentiment": mean(&moods),
        "cost_micros": written.iter().map(|written| written.case.cost_micros).sum::<i64>(),
        "without_source": count(&|case: &Case| case.expected.lacks_source),
    })
}

/// Equal, means within the precision in which sentiment is stored.
pub fn assert_figures(what: &str, found: &Value, expected: &Value) {
    let (mut found, mut expected) = (found.clone(), expected.clone());
    let (mood, right) = (found["sentiment"].take(), expected["sentiment"].take());
    assert_eq!(found, expected, "{what}");
    assert_eq!(mood.is_null(), right.is_null(), "{what}");
    if let (Some(mood), Some(right)) = (mood.as_f64(), right.as_f64()) {
        assert!((mood - right).abs() < 1e-6, "{what}: {mood} instead of {right}");
    }
}

/// Every page of the list behind a figure; its count must be its length.
pub async fn behind(agent: &Agent, query: &str) -> BTreeSet<String> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/staff/reports/conversations?{query}&limit=2{cursor}");
        let page = agent.get(&path).await;
        let items = page["items"].as_array().unwrap().iter();
        found.extend(items.map(|item| item["conversation_id"].as_str().unwrap().to_owned()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => {
                assert_eq!(page["count"], json!(found.len()), "{query}");
                let distinct: BTreeSet<String> = found.iter().cloned().collect();
                assert_eq!(distinct.len(), found.len(), "{query}: a conversation twice");
                return distinct;
            }
        }
    }
}

/// The conversations that a figure must list.
fn members(written: &[&Written], figure: &str) -> BTreeSet<String> {
    let is_member = |case: &Case| {
        let Case { expected, sentiment, cost_micros, .. } = case;
        match figure {
            "conversations" => true,
            "answer_ms" | "answer_ms.p50" | "answer_ms.p95" => expected.answer_ms.is_some(),
            "csat" | "csat.count" | "csat.avg" => expected.score.is_some(),
            "sentiment" => sentiment.is_some(),
            "cost_micros" => *cost_micros > 0,
            "without_source" => expected.lacks_source,
            "delivery_failures" => {
                case.events.iter().any(|event| matches!(event, Event::Answer(_, "failed")))
            }
            "resolution.durable" => expected.is_durable,
            "resolution.reopened" => expected.is_reopened,
            "resolution.handed_off" => expected.kind.starts_with("handed_off."),
            kind => kind.strip_prefix("resolution.") == Some(expected.kind),
        }
    };
    written.iter().filter(|written| is_member(written.case)).map(|written| written.id.clone()).collect()
}

#[tokio::test]
async fn every_figure_is_right_for_every_day_and_channel_and_lists_its_conversations() {
    let url = fresh_database().await;
    let variables = [("AGENT_POOL_SIZE", "0"), ("REOPEN_DAYS", "3650")];
    let team = Team::serving(&url, Served::start(&url, &variables).await).await;
    let me = team.agent(&url, "me@example.com", "agent").await;
    let other = team.agent(&url, "other@example.com", "agent").await;
    let first = first_day();
    let mut written = Vec::new();
    for case in CASES {
        let author = if case.name == "taken" { &other.id } else { &me.id };
        let id = write(&team.database, author, first, case).await.to_string();
        written.push(Written { case, id, day: (first + case.begins).date() });
    }
    let inside = inside(&written);
    let (from, to) = (first.date(), first.date() + Duration::days(3));
    let range = format!("from={from}&to={to}");
    parts_are_right(&me, &range, &inside).await;
    let mut leaves: Vec<String> = Figure::NAMES.iter().map(|name| (*name).to_owned()).collect();
    leaves.extend(Reason::ALL.iter().map(|reason| format!("resolution.handed_off.{reason}")));
    for figure in &leaves {
        let listed = behind(&me, &format!("figure={figure}&{range}")).await;
        assert_eq!(listed, members(&inside, figure), "{figure}");
    }
    worst_come_first(&me, &range, &written).await;
    the_command_says_the_same(&url, &me, from).await;
    others_are_refused(&me).await;
    breakdowns::are_right(&team, &me, &other, &range, &inside).await;
}

/// The total, each channel and each day.
async fn parts_are_right(me: &Agent, range: &str, inside: &[&Written]) {
    let report = me.get(&format!("/staff/reports?{range}")).await;
    assert_figures("total", &report["total"], &expected(inside));
    let of = |is: &dyn Fn(&Written) -> bool| -> Vec<&Written> {
        inside.iter().copied().filter(|written| is(written)).collect()
    };
    for channel in ["email", "whatsapp", "web_form"] {
        let of_channel = of(&|written| written.case.channel == channel);
        assert_figures(channel, &report["channels"][channel], &expected(&of_channel));
        let listed = behind(me, &format!("figure=conversations&{range}&channel={channel}")).await;
        assert_eq!(listed, members(&of_channel, "conversations"), "{channel}");
    }
    let days = report["days"].as_array().unwrap();
    assert_eq!(days.len(), 4);
    for day in days {
        let of_day = of(&|written| day["date"] == written.day.to_string());
        assert_figures(day["date"].as_str().unwrap(), &day["total"], &expected(&of_day));
    }
}

async fn worst_come_first(me: &Agent, range: &str, written: &[Written]) {
    let names: BTreeMap<&str, &str> =
        written.iter().map(|written| (written.id.as_str(), written.case.name)).collect();
    for (figure, order) in [
        ("sentiment", vec!["priced", "unknown", "answered"]),
        ("csat", vec!["priced", "thanked", "answered"]),
        ("cost_micros", vec!["answered", "suggested"]),
    ] {
        let page = me.get(&format!("/staff/reports/conversations?figure={figure}&{range}")).await;
        let items = page["items"].as_array().unwrap().iter();
        let found: Vec<&str> = items.map(|item| names[item["conversation_id"].as_str().unwrap()]).collect();
        assert_eq!(found, order, "{figure}");
    }
    let slowest = me.get(&format!("/staff/reports/conversations?figure=answer_ms&{range}&limit=1")).await;
    let item = &slowest["items"][0];
    assert_eq!(
        (&item["answer_ms"], &item["resolution"], &item["reason"]),
        (&json!(600_000), &json!("handed_off"), &json!("pricing"))
    );
    assert_eq!(
        (&item["score"], &item["durable"], &item["preview"]),
        (&json!(2), &json!(true), &json!("How?"))
    );
}

/// Of a day of the range, in each form.
async fn the_command_says_the_same(url: &str, me: &Agent, first: Date) {
    let day = (first + Duration::days(1)).to_string();
    let run = async |kind: &str, format: &str| {
        let done = fte_with(url, &["report", kind, "--date", &day, "--format", format], "", &[]).await;
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    };
    let mut document: Value = serde_json::from_str(&run("daily", "json").await).unwrap();
    let gaps = document["questions_without_source"].take();
    assert_eq!(gaps.as_array().unwrap().len(), 2, "{gaps}");
    assert_eq!(document["low_sentiment"][0]["sentiment"], json!(0.4));
    let report = me.get(&format!("/staff/reports?from={day}&to={day}")).await;
    for part in ["from", "to", "total", "channels", "days"] {
        assert_eq!(document[part], report[part], "{part}");
    }
    let conversations = &report["total"]["conversations"];
    let text = run("daily", "md").await;
    assert!(text.contains(&format!("| Conversations | {conversations} |")), "{text}");
    assert!(text.contains("- refund: 1\n") && text.contains("/console?c="), "{text}");
    let week = run("weekly", "html").await;
    assert!(week.contains("weekly report of ") && week.contains("bgcolor="), "{week}");
    let wrong = fte_with(url, &["report", "daily", "--date", "yesterday"], "", &[]).await;
    assert_eq!(wrong.status.code(), Some(2));
}

async fn others_are_refused(me: &Agent) {
    let status = async |path: &str| me.ask("GET", path, None).await.0;
    assert_eq!(status("/staff/reports?from=2026-01-02&to=2026-01-01").await, 422);
    assert_eq!(status("/staff/reports?from=2020-01-01&to=2026-01-01").await, 422);
    assert_eq!(status("/staff/reports/conversations").await, 422);
    assert_eq!(status("/staff/reports/conversations?figure=resolution.handed_off.x").await, 422);
    let stranger = crate::accounts::client::Browser::new(&me.base());
    assert_eq!(stranger.send("GET", "/staff/reports", None).await.status(), 401);
    let empty = me.get("/staff/reports?from=2001-01-01&to=2001-12-31").await;
    assert_eq!(empty["days"].as_array().unwrap().len(), 365);
    assert_figures("nothing", &empty["total"], &expected(&[]));
    let table = me.browser.send("GET", "/staff/reports?from=2001-01-01&to=2001-01-02&format=csv", None).await;
    assert_eq!(table.headers()["content-type"], "text/csv; charset=utf-8");
    assert_eq!(table.text().await.unwrap().lines().count(), 1 + 1 + 3 + 2);
    let unused = Uuid::nil();
    let past_the_end = format!("/staff/reports/conversations?figure=csat&cursor=5_{}", unused.simple());
    assert_eq!(me.get(&past_the_end).await["items"], json!([]));
}
