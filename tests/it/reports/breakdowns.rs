//! Breakdowns of a report: figures by member of staff, failed deliveries by cause, and tables that no spreadsheet runs.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::figures::{Written, assert_figures, behind, expected};
use crate::console::rig::{Agent, Team};

/// `other` has replied in the conversation `taken`, `me` in `priced` and `suggested`.
pub async fn are_right(team: &Team, me: &Agent, other: &Agent, range: &str, inside: &[&Written]) {
    // Both have replied in this one.
    let id = of(inside, &["priced"]).pop().unwrap().id.clone();
    let reply = format!(
        "with m as (
             insert into messages (id, conversation_id, seq, channel, created_at, direction, role, kind, content)
             select gen_random_uuid(), id, 50, channel, created_at + interval '700 seconds', 'outbound', 'staff', 'message', 'Hello.'
             from conversations where id = '{id}' returning id)
         insert into staff_messages (message_id, staff_id, epoch) select id, '{}', 1 from m",
        other.id
    );
    team.database.batch_execute(&reply).await.unwrap();
    agents_are_right(me, other, range, inside).await;
    failures_are_right(team, me, range, inside).await;
    tables_are_safe(team, me, range, &id).await;
}

fn of<'a>(inside: &[&'a Written], names: &[&str]) -> Vec<&'a Written> {
    inside.iter().copied().filter(|written| names.contains(&written.case.name)).collect()
}

async fn agents_are_right(me: &Agent, other: &Agent, range: &str, inside: &[&Written]) {
    let report = me.get(&format!("/staff/reports/agents?{range}")).await;
    let rows = report["items"].as_array().unwrap();
    assert_eq!(rows.len(), 2, "{report}");
    for (agent, names, reply_ms) in [
        // 600 s, and 50 s after the customer asked.
        (me, ["priced", "suggested"], json!({"p50": 325_000, "p95": 572_500})),
        // No one waited: the bot, or a colleague, had answered before.
        (other, ["taken", "priced"], json!({"p50": null, "p95": null})),
    ] {
        let row = rows.iter().find(|row| row["agent"]["id"] == json!(agent.id)).unwrap();
        assert_eq!((&row["replies"], &row["reply_ms"]), (&json!(2), &reply_ms), "{row}");
        let conversations = of(inside, &names);
        assert_figures("agent", &row["total"], &expected(&conversations));
        let reopened: Vec<&str> = names.into_iter().filter(|name| *name == "taken").collect();
        for (figure, names) in [("conversations", &names[..]), ("resolution.reopened", &reopened[..])] {
            let listed = behind(me, &format!("figure={figure}&{range}&agent={}", agent.id)).await;
            let ids: BTreeSet<String> = of(inside, names).iter().map(|written| written.id.clone()).collect();
            assert_eq!(listed, ids, "{figure}");
        }
    }
    assert_eq!(me.ask("GET", "/staff/reports/conversations?figure=csat&agent=x", None).await.0, 422);
}

async fn failures_are_right(team: &Team, me: &Agent, range: &str, inside: &[&Written]) {
    let report = me.get(&format!("/staff/reports/failures?{range}")).await;
    let row = |deliveries: i64| json!({"deliveries": deliveries, "conversations": deliveries});
    let count = |report: &Value, cause: &str| {
        let causes = report["causes"].as_array().unwrap();
        causes.iter().find(|row| row["cause"] == cause).unwrap()["deliveries"].clone()
    };
    assert_eq!((&report["total"], count(&report, "rejected")), (&row(1), json!(1)), "{report}");
    team.database
        .execute("update deliveries set cause = 'bounced' where state = 'failed'", &[])
        .await
        .unwrap();
    let report = me.get(&format!("/staff/reports/failures?{range}")).await;
    assert_eq!((count(&report, "rejected"), count(&report, "bounced")), (json!(0), json!(1)));
    let failed: BTreeSet<String> =
        of(inside, &["undelivered"]).iter().map(|written| written.id.clone()).collect();
    assert_eq!(behind(me, &format!("figure=delivery_failures.bounced&{range}")).await, failed);
    assert_eq!(behind(me, &format!("figure=delivery_failures.rejected&{range}")).await, BTreeSet::new());
}

async fn tables_are_safe(team: &Team, me: &Agent, range: &str, conversation: &str) {
    let name = "update customers set name = '=HYPERLINK(\"https://evil.example\")'
                where id = (select customer_id from conversations where id::text = $1)";
    team.database.execute(name, &[&conversation]).await.unwrap();
    let table = async |path: &str| {
        let answer = me.browser.send("GET", &format!("{path}{range}&format=csv"), None).await;
        assert_eq!(answer.headers()["content-type"], "text/csv; charset=utf-8", "{path}");
        assert!(answer.headers()["content-disposition"].to_str().unwrap().starts_with("attachment;"));
        answer.text().await.unwrap()
    };
    let list = table("/staff/reports/conversations?figure=csat&").await;
    assert_eq!(list.split_terminator("\r\n").count(), 1 + 3, "{list}");
    assert!(list.contains(",\"'=HYPERLINK(\"\"https://evil.example\"\")\","), "{list}");
    let agents = table("/staff/reports/agents?").await;
    assert_eq!(agents.split_terminator("\r\n").count(), 1 + 2, "{agents}");
    assert!(agents.contains(&format!("{},Ann Lee,2,325000,572500,2,", me.id)), "{agents}");
    let failures = table("/staff/reports/failures?").await;
    assert!(failures.contains("total,1,1\r\n") && failures.contains("bounced,1,1\r\n"), "{failures}");
}
