//! Sans-IO state machine of one turn of the bot: it returns the next effect, and receives the outcome as an event.
//!
//! It searches first, then asks the model; every reply of the model is recorded before its calls are executed; there is
//! exactly one terminal action. It never waits, and reads neither the clock nor the database: the `Conversation` actor
//! performs its effects.

pub mod budgets;
pub mod replay;
mod unsupported;
pub mod verdict;

mod account;
mod calls;
mod consent;
#[cfg(test)]
mod drive;
mod mail;
#[cfg(test)]
mod properties;
mod step_log;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use self::budgets::Budgets;
use self::step_log::StepLog;
use self::verdict::{Speaker, Verdict};
use super::handbook::Handbook;
use super::linking;
use super::port::{Exchange, Request};
use crate::agent::models::tools::{MAX_RESULTS, SearchArgs, ToolName};
use crate::agent::reading::query;
use crate::agent::reading::triage::{Notices, triage};
use crate::agent::reply::hand_over::{hand_over, rule_for};
use crate::domain::conversations::answer_fault::AnswerFault;
use crate::domain::conversations::turn::{
    Decision, ModelTurn, Provenance, Step, ToolCall, TurnContext, Usage,
};
use crate::domain::customers::linking::LinkStep;
use crate::domain::enums::Reason;
use crate::domain::knowledge::Findings;

/// The effect that the machine waits for.
#[derive(Clone, Debug, PartialEq)]
pub enum TurnEffect {
    /// Answered with `TurnEvent::Found`.
    Search { query: String, limit: i64 },
    /// Answered with `TurnEvent::Said`, or with `TurnEvent::ModelFailed` once retries are exhausted.
    Ask(Box<Request>),
    /// Answered with `TurnEvent::Recorded` once the steps are committed; `first` is the index of the first of them
    /// within the turn.
    Record { first: i32, steps: Vec<Step> },
    /// The turn is over.
    Finish(Box<Verdict>),
}

/// The outcome of an effect. An event that does not match the pending effect is ignored.
#[derive(Clone, Debug, PartialEq)]
pub enum TurnEvent {
    Found(Findings),
    Said(ModelTurn),
    ModelFailed,
    Recorded,
}

#[derive(Clone, Debug)]
pub struct Turn {
    context: TurnContext,
    link: Option<LinkStep>,
    budgets: Budgets,
    speaker: Speaker,
    handbook: Arc<Handbook>,
    notices: Notices,
    sentiment: Option<f32>,
    phase: TurnPhase,
    step_log: StepLog,
    /// Everything found so far; the only passages that may be cited.
    findings: Findings,
    exchanges: Vec<Exchange>,
    reply: ProposedReply,
    tally: TurnTally,
}

#[derive(Clone, Debug)]
enum TurnPhase {
    Prefetching(String),
    Asking,
    /// Executing the calls of the newest reply; the machine never waits in this phase.
    Handling,
    /// Waiting for a search that the model requested.
    Searching {
        call: ToolCall,
        search: SearchArgs,
    },
    Ended(Box<Verdict>),
}

/// The remaining calls of the newest reply, and its errors so far.
#[derive(Clone, Debug, Default)]
struct ProposedReply {
    calls: VecDeque<ToolCall>,
    faults: BTreeSet<AnswerFault>,
}

#[derive(Clone, Debug, Default)]
struct TurnTally {
    usage: Usage,
    model_calls: u32,
    tool_calls: u32,
    /// Replies that could not be used.
    malformed: u32,
    /// Replies with an answer that the output guard refused.
    refused: u32,
    /// The faults of earlier replies, each of which the model was told.
    faults: Vec<AnswerFault>,
    /// Searches without a usable result.
    fruitless: u32,
    tools: Vec<ToolName>,
}

/// The first search query of a turn about these messages, even if triage ends the turn before it.
pub fn first_query(context: &TurnContext, handbook: &Handbook) -> String {
    query::of(context, &triage(context, &handbook.rules).asked)
}

impl Turn {
    /// Starts a turn, or resumes one from the recorded steps in its context.
    pub fn start(
        mut context: TurnContext,
        budgets: Budgets,
        speaker: Speaker,
        handbook: Arc<Handbook>,
    ) -> Self {
        let mail = mail::decision(&mut context, &handbook);
        let taken = linking::take(&mut context);
        let judgement = triage(&context, &handbook.rules);
        let step_log = StepLog::new(std::mem::take(&mut context.steps));
        let mut turn = Self {
            phase: TurnPhase::Prefetching(query::of(&context, &judgement.asked)),
            context,
            link: None,
            budgets,
            speaker,
            handbook,
            notices: judgement.notices,
            sentiment: judgement.sentiment,
            step_log,
            findings: Findings::default(),
            exchanges: Vec::new(),
            reply: ProposedReply::default(),
            tally: TurnTally::default(),
        };
        turn.tally.tools = vec![ToolName::CreateTicket, ToolName::GetCustomerHistory];
        let texts = Arc::clone(&turn.handbook.texts);
        let decision = mail.or_else(|| consent::decision(&turn.context, &texts));
        if let Some(decision) = decision.or_else(|| unsupported::decision(&turn.context, &texts)) {
            turn.end(decision);
            return turn;
        }
        turn.link = taken.step;
        if taken.is_all {
            turn.end(Decision::Silent);
            return turn;
        }
        turn.follow(judgement.triage);
        turn
    }

    /// The context that it started from, without the steps, which the machine has consumed.
    pub fn context(&self) -> &TurnContext {
        &self.context
    }

    /// Sentiment of the messages, from 0 to 1.
    pub fn sentiment(&self) -> Option<f32> {
        self.sentiment
    }

    /// The pending effect; the same until an event answers it.
    pub fn next(&self) -> TurnEffect {
        if self.step_log.is_due() {
            let (first, steps) = self.step_log.due();
            return TurnEffect::Record { first, steps };
        }
        match &self.phase {
            TurnPhase::Prefetching(query) => {
                TurnEffect::Search { query: query.clone(), limit: i64::from(MAX_RESULTS) }
            }
            TurnPhase::Searching { search, .. } => {
                TurnEffect::Search { query: search.query.clone(), limit: search.limit() }
            }
            TurnPhase::Asking | TurnPhase::Handling => TurnEffect::Ask(Box::new(self.request())),
            TurnPhase::Ended(verdict) => TurnEffect::Finish(verdict.clone()),
        }
    }

    pub fn on(&mut self, event: TurnEvent) {
        let due = self.step_log.is_due();
        match event {
            TurnEvent::Recorded if due => self.step_log.settle(),
            TurnEvent::Found(findings) if !due => self.found(findings),
            TurnEvent::Said(said) if !due => self.said(said),
            TurnEvent::ModelFailed if !due => self.model_failed(),
            TurnEvent::Recorded | TurnEvent::Found(_) | TurnEvent::Said(_) | TurnEvent::ModelFailed => {}
        }
    }

    fn found(&mut self, findings: Findings) {
        match self.phase.clone() {
            TurnPhase::Prefetching(query) => {
                self.step_log.push(Step::Prefetched { query, findings: findings.clone() });
                self.prefetched(findings);
                self.advance();
            }
            TurnPhase::Searching { call, .. } => {
                self.searched(&call, findings);
                self.advance();
            }
            TurnPhase::Asking | TurnPhase::Handling | TurnPhase::Ended(_) => {}
        }
    }

    fn said(&mut self, said: ModelTurn) {
        if matches!(self.phase, TurnPhase::Asking) {
            self.step_log.push(Step::Modelled { said: said.clone() });
            self.hear(said);
            self.advance();
        }
    }

    fn model_failed(&mut self) {
        if matches!(self.phase, TurnPhase::Asking) {
            self.step_log.push(Step::ModelFailed);
            self.hear_failure();
        }
    }

    fn hear_failure(&mut self) {
        self.escalate(Reason::Failure, "The language model refuses to work.");
    }

    /// Advances through everything that needs no effect, or was recorded before a crash.
    fn advance(&mut self) {
        loop {
            let moved = match self.phase {
                TurnPhase::Prefetching(_) => self.replay_prefetch(),
                TurnPhase::Asking => self.replay_reply(),
                TurnPhase::Handling => self.handle(),
                TurnPhase::Searching { .. } => self.replay_search(),
                TurnPhase::Ended(_) => false,
            };
            if !moved {
                return;
            }
        }
    }

    fn replay_prefetch(&mut self) -> bool {
        let nothing_to_search = matches!(&self.phase, TurnPhase::Prefetching(query) if query.is_empty());
        let findings = self.step_log.recorded_prefetch();
        let findings = findings.or_else(|| nothing_to_search.then(Findings::default));
        findings.map(|findings| self.prefetched(findings)).is_some()
    }

    fn prefetched(&mut self, findings: Findings) {
        self.tally.tools.push(ToolName::SearchKnowledgeBase);
        self.tally.fruitless += u32::from(!findings.relevant);
        self.findings = findings;
        self.phase = TurnPhase::Asking;
    }

    /// Counts a search without a usable result; at the limit of the rules, the turn escalates. The searches of one reply
    /// count as one: each may be about another question.
    fn count_search(&mut self, findings: &Findings) {
        self.phase = TurnPhase::Handling;
        let is_search = |call: &ToolCall| call.name == ToolName::SearchKnowledgeBase.as_str();
        if self.reply.calls.iter().any(is_search) {
            return;
        }
        self.tally.fruitless += u32::from(!findings.relevant);
        let is_enough = self.handbook.rules.searches().is_some_and(|most| self.tally.fruitless >= most);
        if is_enough && !self.findings.relevant {
            self.escalate(Reason::NoAnswer, "The documentation holds no answer, however it is searched.");
        }
    }

    fn replay_reply(&mut self) -> bool {
        match self.step_log.recorded_reply() {
            Some(Some(said)) => {
                self.hear(said);
                return true;
            }
            Some(None) => {
                self.hear_failure();
                return true;
            }
            None => {}
        }
        if self.is_spent() && self.tally.malformed > 0 {
            self.escalate(Reason::Failure, "The language model's answer could not be used.");
        } else if self.is_spent() {
            self.escalate(Reason::Budget, "The turn used up what it may before it came to an answer.");
        }
        false
    }

    fn is_spent(&self) -> bool {
        let usage = self.tally.usage;
        self.tally.model_calls >= self.budgets.model_calls
            || usage.tokens() >= self.budgets.tokens
            || usage.cost_micros >= self.budgets.cost_micros
            || usage.took_ms >= self.budgets.model_ms
    }

    fn hear(&mut self, said: ModelTurn) {
        self.tally.usage = self.tally.usage.plus(said.usage);
        self.tally.model_calls += 1;
        if let Some(model) = &said.model {
            self.speaker.model.clone_from(model);
        }
        self.reply = ProposedReply { calls: said.calls.clone().into(), ..ProposedReply::default() };
        self.exchanges.push(Exchange { said, results: Vec::new(), correction: None });
        self.phase = TurnPhase::Handling;
    }

    fn request(&self) -> Request {
        Request {
            channel: self.context.channel,
            ticket: self.context.ticket.clone(),
            customer_name: self.context.customer_name.clone(),
            notices: self.notices,
            unanswered: self.context.unanswered.clone(),
            history: self.context.history.clone(),
            instruction: self.context.instruction.clone(),
            findings: self.findings.clone(),
            exchanges: self.exchanges.clone(),
            tools: ToolName::ALL,
        }
    }

    fn escalate(&mut self, reason: Reason, why: &str) {
        let rule = rule_for(&self.handbook, reason, why);
        let hand_over = hand_over(&self.context, &self.handbook, &rule);
        self.end(Decision::Escalate(hand_over));
    }

    /// Ends the turn by a call of the model, which has put right what it was told of.
    fn end_by_model(&mut self, decision: Decision) {
        let corrected = std::mem::take(&mut self.tally.faults);
        self.end(decision);
        if let TurnPhase::Ended(verdict) = &mut self.phase {
            verdict.corrected = corrected;
        }
    }

    fn end(&mut self, decision: Decision) {
        let language = self.context.language.as_deref();
        let decision = linking::with(decision, self.link.as_ref(), &self.handbook.texts, language);
        let mut tools = std::mem::take(&mut self.tally.tools);
        match &decision {
            Decision::Answer { .. } => tools.push(ToolName::SendResponse),
            Decision::Escalate(_) => tools.push(ToolName::EscalateToHuman),
            Decision::Silent => {}
        }
        let speaker = if self.tally.model_calls == 0 {
            Speaker::rules(&self.handbook.rules)
        } else {
            self.speaker.clone()
        };
        self.phase = TurnPhase::Ended(Box::new(Verdict {
            decision,
            link: self.link.clone(),
            provenance: Provenance {
                model: speaker.model,
                prompt_version: speaker.prompt_version,
                usage: self.tally.usage,
                model_calls: self.tally.model_calls,
                tools: tools.iter().map(|tool| tool.as_str().to_owned()).collect(),
                latency_ms: 0,
            },
            corrected: Vec::new(),
        }));
    }
}
