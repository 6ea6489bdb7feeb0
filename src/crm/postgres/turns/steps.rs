//! Step journal: what a turn has done is recorded, so that it is not done again after a crash.

use std::collections::HashSet;

use deadpool_postgres::{Object, Pool};
use tokio_postgres::types::Json;
use uuid::Uuid;

use crate::crm::port::{CrmError, Held, RecordSteps};
use crate::crm::postgres::batch::{self, BatchError, BatchFunction};
use crate::domain::conversations::turn::Step;

const SQL: &str = "select record_steps($1, $2, $3, $4, $5, $6)";

/// Records the steps of a batch of turns in one transaction. Each conversation may occur once in it.
pub async fn record_steps(pool: Pool, batch: Vec<RecordSteps>) -> Vec<Result<Held, CrmError>> {
    batch::run(&pool, &batch, &StepBatch).await
}

struct StepBatch;

impl BatchFunction<RecordSteps, Held> for StepBatch {
    async fn run(&self, client: &Object, members: &[RecordSteps]) -> Result<Vec<Held>, BatchError> {
        let statement = client.prepare_cached(SQL).await?;
        let mut columns = StepColumns::default();
        for member in members {
            columns.push(member);
        }
        let rows = client
            .query(
                &statement,
                &[
                    &columns.conversation,
                    &columns.turn,
                    &columns.epoch,
                    &columns.number,
                    &columns.kind,
                    &columns.step,
                ],
            )
            .await?;
        let held = rows.iter().map(|row| row.try_get(0)).collect::<Result<HashSet<Uuid>, _>>()?;
        let verdict = |member: &RecordSteps| {
            if held.contains(&member.turn.0) { Held::Yes } else { Held::Lost }
        };
        Ok(members.iter().map(verdict).collect())
    }
}

/// The arrays that the batch function takes, one entry a step.
#[derive(Default)]
struct StepColumns<'a> {
    conversation: Vec<Uuid>,
    turn: Vec<Uuid>,
    epoch: Vec<i64>,
    number: Vec<i32>,
    kind: Vec<&'static str>,
    step: Vec<Json<&'a Step>>,
}

impl<'a> StepColumns<'a> {
    fn push(&mut self, member: &'a RecordSteps) {
        for (number, step) in (member.first..).zip(&member.steps) {
            self.conversation.push(member.conversation.0);
            self.turn.push(member.turn.0);
            self.epoch.push(member.epoch);
            self.number.push(number);
            self.kind.push(step.kind());
            self.step.push(Json(step));
        }
    }
}
