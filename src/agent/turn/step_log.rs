//! Step log of a turn: steps recorded before a crash, which are reused instead of repeated, and steps not recorded yet.

use std::collections::VecDeque;

use crate::domain::conversations::turn::{ModelTurn, Step, ToolCall};
use crate::domain::knowledge::Findings;

#[derive(Clone, Debug)]
pub(in crate::agent) struct StepLog {
    recorded: VecDeque<Step>,
    /// How many steps are recorded in the database.
    written: usize,
    pending: Vec<Step>,
}

impl StepLog {
    pub fn new(recorded: Vec<Step>) -> Self {
        Self { written: recorded.len(), recorded: recorded.into(), pending: Vec::new() }
    }

    /// Whether steps must be recorded before anything else happens. A search before the first model call waits for
    /// that call: one round trip then holds both, and repeating the search alone costs nothing.
    pub fn is_due(&self) -> bool {
        self.pending.iter().any(|step| match step {
            Step::Prefetched { .. } => false,
            Step::Modelled { .. } | Step::ModelFailed | Step::ToolRan { .. } => true,
        })
    }

    /// The index of the first pending step within the turn, from 0, and the pending steps.
    pub fn due(&self) -> (i32, Vec<Step>) {
        (i32::try_from(self.written).unwrap_or(i32::MAX), self.pending.clone())
    }

    pub fn settle(&mut self) {
        self.written += self.pending.len();
        self.pending.clear();
    }

    pub fn push(&mut self, step: Step) {
        self.pending.push(step);
    }

    pub fn recorded_prefetch(&mut self) -> Option<Findings> {
        self.take(|step| match step {
            Step::Prefetched { findings, .. } => Some(findings.clone()),
            Step::Modelled { .. } | Step::ModelFailed | Step::ToolRan { .. } => None,
        })
    }

    /// The model's recorded answer; `Some(None)` if it failed for good.
    pub fn recorded_reply(&mut self) -> Option<Option<ModelTurn>> {
        self.take(|step| match step {
            Step::Modelled { said } => Some(Some(said.clone())),
            Step::ModelFailed => Some(None),
            Step::Prefetched { .. } | Step::ToolRan { .. } => None,
        })
    }

    /// The recorded result and findings of a tool call.
    pub fn recorded_result(&mut self, call: &ToolCall) -> Option<(String, Findings)> {
        self.take(|step| match step {
            Step::ToolRan { call_id, name, result, findings }
                if *call_id == call.id && *name == call.name =>
            {
                Some((result.clone(), findings.clone()))
            }
            Step::Prefetched { .. } | Step::Modelled { .. } | Step::ModelFailed | Step::ToolRan { .. } => {
                None
            }
        })
    }

    /// The first recorded step that matches; preceding ones, left by another version of the rules, are dropped.
    fn take<T>(&mut self, fits: impl Fn(&Step) -> Option<T>) -> Option<T> {
        let (place, found) =
            self.recorded.iter().enumerate().find_map(|(place, step)| Some((place, fits(step)?)))?;
        self.recorded.drain(..=place);
        Some(found)
    }
}
