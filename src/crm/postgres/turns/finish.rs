//! Finishing turns: the only place where a reply comes to exist.

use std::collections::HashMap;

use deadpool_postgres::{Object, Pool};
use serde_json::{Value, json};
use tokio_postgres::Row;
use tokio_postgres::types::{Json, ToSql};
use uuid::Uuid;

use crate::crm::port::CrmError;
use crate::crm::postgres::batch::{self, BatchError, BatchFunction};
use crate::crm::postgres::rows::mismatch;
use crate::crm::postgres::verification::{LinkRow, link_row};
use crate::domain::conversations::turn::{Decision, Finish, Finished, Refusal, Rest, SupersedePolicy};
use crate::domain::customers::linking::CODE_LIFETIME;
use crate::domain::knowledge::Source;

const SQL: &str = "select conversation_id, verdict, more from finish_turns($1, $2, $3, $4, $5, $6, $7, $8, $9, \
     $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, \
     make_interval(secs => $26), $27)";

/// Finishes a batch of turns in one transaction. Each conversation may occur once in it.
pub async fn finish_turns(pool: Pool, batch: Vec<Finish>) -> Vec<Result<Finished, CrmError>> {
    batch::run(&pool, &batch, &FinishTurns).await
}

struct FinishTurns;

impl BatchFunction<Finish, Finished> for FinishTurns {
    async fn run(&self, client: &Object, members: &[Finish]) -> Result<Vec<Finished>, BatchError> {
        let statement = client.prepare_cached(SQL).await?;
        let mut columns = FinishColumns::default();
        for member in members {
            columns.push(member);
        }
        if members.iter().any(|member| member.link.is_some()) {
            columns.link = Some(members.iter().map(|member| member.link.as_ref().map(link_row)).collect());
        }
        if members.iter().any(|member| member.traceparent.is_some()) {
            let parents = members.iter().map(|member| member.traceparent.map(|parent| parent.to_string()));
            columns.traceparent = Some(parents.collect());
        }
        let lifetime = CODE_LIFETIME.as_seconds_f64();
        let rows = client.query(&statement, &columns.parameters(&lifetime)).await?;
        let mut verdicts = HashMap::with_capacity(rows.len());
        for row in &rows {
            verdicts.insert(row.try_get::<_, Uuid>("conversation_id")?, finished(row)?);
        }
        let missing = || BatchError::from(mismatch("no verdict on a turn"));
        members.iter().map(|member| verdicts.remove(&member.conversation.0).ok_or_else(missing)).collect()
    }
}

/// The arrays that the batch function takes, one entry a turn.
#[derive(Default)]
struct FinishColumns<'a> {
    conversation: Vec<Uuid>,
    turn: Vec<Uuid>,
    epoch: Vec<i64>,
    covers: Vec<i64>,
    insists: Vec<bool>,
    outcome: Vec<&'static str>,
    content: Vec<Option<&'a str>>,
    sources: Vec<Option<Json<&'a [Source]>>>,
    tools: Vec<Json<Vec<Value>>>,
    model: Vec<&'a str>,
    prompt: Vec<&'a str>,
    calls: Vec<i32>,
    tokens_in: Vec<i32>,
    tokens_out: Vec<i32>,
    latency: Vec<i32>,
    reason: Vec<Option<&'static str>>,
    severity: Vec<Option<&'static str>>,
    summary: Vec<Option<&'a str>>,
    dead_letter: Vec<Option<&'a str>>,
    message: Vec<Uuid>,
    delivery: Vec<Uuid>,
    escalation: Vec<Uuid>,
    cost: Vec<i64>,
    sentiment: Vec<Option<f32>>,
    /// `None` as long as no turn has to do with linking.
    link: Option<Vec<Option<Json<LinkRow<'a>>>>>,
    /// `None` as long as no turn belongs to a trace.
    traceparent: Option<Vec<Option<String>>>,
}

impl<'a> FinishColumns<'a> {
    fn parameters<'b>(&'b self, code_lifetime_s: &'b f64) -> [&'b (dyn ToSql + Sync); 27] {
        [
            &self.conversation,
            &self.turn,
            &self.epoch,
            &self.covers,
            &self.insists,
            &self.outcome,
            &self.content,
            &self.sources,
            &self.tools,
            &self.model,
            &self.prompt,
            &self.calls,
            &self.tokens_in,
            &self.tokens_out,
            &self.latency,
            &self.reason,
            &self.severity,
            &self.summary,
            &self.dead_letter,
            &self.message,
            &self.delivery,
            &self.escalation,
            &self.cost,
            &self.sentiment,
            &self.link,
            code_lifetime_s,
            &self.traceparent,
        ]
    }

    fn push(&mut self, finish: &'a Finish) {
        self.conversation.push(finish.conversation.0);
        self.turn.push(finish.turn.0);
        self.epoch.push(finish.epoch);
        self.covers.push(finish.covers);
        self.insists.push(finish.supersede == SupersedePolicy::Commit);
        self.outcome.push(finish.decision.outcome().as_str());
        self.dead_letter.push(finish.dead_letter.as_deref());
        self.message.push(finish.ids.message.0);
        self.delivery.push(finish.ids.delivery.0);
        self.escalation.push(finish.ids.escalation.0);
        self.sentiment.push(finish.sentiment);
        self.push_decision(&finish.decision);
        let provenance = &finish.provenance;
        self.tools.push(Json(provenance.tools.iter().map(|name| json!({ "name": name })).collect()));
        self.model.push(&provenance.model);
        self.prompt.push(&provenance.prompt_version);
        self.calls.push(count(provenance.model_calls));
        self.tokens_in.push(count(provenance.usage.tokens_in));
        self.tokens_out.push(count(provenance.usage.tokens_out));
        self.latency.push(provenance.latency_ms);
        self.cost.push(i64::try_from(provenance.usage.cost_micros).unwrap_or(i64::MAX));
    }

    fn push_decision(&mut self, decision: &'a Decision) {
        let (content, sources, hand_over) = match decision {
            Decision::Answer { text, sources } => (Some(text.as_str()), Some(Json(sources.as_slice())), None),
            Decision::Escalate(hand_over) => {
                let text = Some(hand_over.acknowledgement.as_str()).filter(|text| !text.is_empty());
                (text, None, Some(hand_over))
            }
            Decision::Silent => (None, None, None),
        };
        self.content.push(content);
        self.sources.push(sources);
        self.reason.push(hand_over.map(|hand_over| hand_over.reason.as_str()));
        self.severity.push(hand_over.map(|hand_over| hand_over.severity.as_str()));
        self.summary.push(hand_over.map(|hand_over| hand_over.summary.as_str()));
    }
}

/// PostgreSQL's integers are signed; no turn counts to two thousand million.
fn count(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

fn finished(row: &Row) -> Result<Finished, CrmError> {
    Ok(match row.try_get::<_, &str>("verdict")? {
        "committed" if row.try_get::<_, Option<bool>>("more")?.unwrap_or(false) => {
            Finished::Committed(Rest::Waiting)
        }
        "committed" => Finished::Committed(Rest::Nothing),
        "newer" => Finished::Refused(Refusal::Newer),
        "fenced" => Finished::Refused(Refusal::Fenced),
        "taken_over" => Finished::Refused(Refusal::TakenOver),
        other => return Err(mismatch(format_args!("verdict `{other}`"))),
    })
}
