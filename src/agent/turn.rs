//! One turn of the bot as a pure machine: it says what it needs next, and is told what came of it.
//!
//! Search first, then the model; every reply of the model is recorded before anything follows from it; exactly one
//! terminal action. It never waits, reads no clock and knows no database: the `Conversation` actor does what it says.

mod calls;
#[cfg(test)]
mod drive;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::sync::Arc;

use crate::domain::knowledge::Findings;
use crate::domain::linking::LinkStep;
use crate::domain::turn::{Briefing, Decision, ModelTurn, Provenance, Step, ToolCall, Usage};
use crate::domain::words::Reason;

use super::budgets::Budgets;
use super::consent;
use super::hand_over::{hand_over, rule_for};
use super::handbook::{Handbook, Rules};
use super::ledger::Ledger;
use super::linking;
use super::port::{Exchange, LanguageModel, Request};
use super::query;
use super::tools::{RESULTS_AT_MOST, Search, ToolName};
use super::triage::{Notices, Triage, triage};

/// What the machine needs before it can go on.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Answer with `Event::Found`.
    Search { query: String, at_most: i64 },
    /// Answer with `Event::Said`, or `Event::ModelFailed` if it never will.
    Ask(Box<Request>),
    /// Answer with `Event::Recorded` once the steps are committed; `first` is the number of the first of them
    /// within the turn, from 0.
    Record { first: i32, steps: Vec<Step> },
    /// The turn is over.
    Finish(Box<Verdict>),
}

/// What came of an effect. An event that nobody waits for changes nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    Found(Findings),
    Said(ModelTurn),
    ModelFailed,
    Recorded,
}

/// What a turn decided, and how; the latency is left for the one who has a clock.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    pub decision: Decision,
    pub link: Option<LinkStep>,
    pub provenance: Provenance,
}

/// Who is asked: kept with the reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Speaker {
    pub model: String,
    pub prompt_version: String,
    /// What the model was told to do, which no reply may repeat.
    pub instructions: String,
}

impl Speaker {
    pub fn of(model: &dyn LanguageModel) -> Self {
        Self {
            model: model.name().to_owned(),
            prompt_version: model.prompt_version().to_owned(),
            instructions: model.instructions().to_owned(),
        }
    }

    /// Decides where no model takes part.
    pub(super) fn rules(rules: &Rules) -> Self {
        Self {
            model: "rules".to_owned(),
            prompt_version: rules.edition().to_owned(),
            instructions: String::new(),
        }
    }
}

#[derive(Clone, Debug)]
pub struct Turn {
    briefing: Briefing,
    link: Option<LinkStep>,
    budgets: Budgets,
    speaker: Speaker,
    handbook: Arc<Handbook>,
    notices: Notices,
    sentiment: Option<f32>,
    phase: Phase,
    ledger: Ledger,
    /// Everything found so far; the only passages that may be cited.
    findings: Findings,
    exchanges: Vec<Exchange>,
    reply: Reply,
    tally: Tally,
}

#[derive(Clone, Debug)]
enum Phase {
    Prefetching(String),
    Asking,
    /// Carrying out the calls of the newest reply; the machine never waits in this phase.
    Handling,
    /// Waiting for a search which the model called for.
    Searching {
        call: ToolCall,
        search: Search,
    },
    Ended(Box<Verdict>),
}

/// What is left of the newest reply, and what was wrong with it so far.
#[derive(Clone, Debug, Default)]
struct Reply {
    calls: VecDeque<ToolCall>,
    malformed: bool,
    refused: bool,
}

#[derive(Clone, Debug, Default)]
struct Tally {
    usage: Usage,
    model_calls: u32,
    tool_calls: u32,
    /// Replies that could not be understood.
    malformed: u32,
    /// Replies with an answer that must not be sent.
    refused: u32,
    /// Searches that found nothing to answer from.
    fruitless: u32,
    tools: Vec<ToolName>,
}

/// What a turn about these messages would search for before anything else, whether or not it gets so far.
pub fn first_query(briefing: &Briefing, handbook: &Handbook) -> String {
    query::of(briefing, &triage(briefing, &handbook.rules).asked)
}

impl Turn {
    /// Begins a turn, or goes on with one whose recorded steps the briefing holds.
    pub fn start(
        mut briefing: Briefing,
        budgets: Budgets,
        speaker: Speaker,
        handbook: Arc<Handbook>,
    ) -> Self {
        let taken = linking::take(&mut briefing);
        let judgement = triage(&briefing, &handbook.rules);
        let ledger = Ledger::new(std::mem::take(&mut briefing.steps));
        let mut turn = Self {
            phase: Phase::Prefetching(query::of(&briefing, &judgement.asked)),
            briefing,
            link: None,
            budgets,
            speaker,
            handbook,
            notices: judgement.notices,
            sentiment: judgement.sentiment,
            ledger,
            findings: Findings::default(),
            exchanges: Vec::new(),
            reply: Reply::default(),
            tally: Tally::default(),
        };
        turn.tally.tools = vec![ToolName::CreateTicket, ToolName::GetCustomerHistory];
        if let Some(decision) = consent::decision(&turn.briefing, &turn.handbook.texts) {
            turn.end(decision);
            return turn;
        }
        turn.link = taken.step;
        if taken.is_all {
            turn.end(Decision::Silent);
            return turn;
        }
        match judgement.triage {
            Triage::Answer => turn.advance(),
            Triage::Refuse(text) => turn.end(Decision::Answer { text, sources: Vec::new() }),
            Triage::Silent => turn.end(Decision::Silent),
            Triage::Escalate(rule) => {
                let hand_over = hand_over(&turn.briefing, &turn.handbook, &rule);
                turn.end(Decision::Escalate(hand_over));
            }
        }
        turn
    }

    /// What it started from; the steps were taken over by the machine.
    pub fn briefing(&self) -> &Briefing {
        &self.briefing
    }

    /// How the messages sound, from 0 to 1.
    pub fn sentiment(&self) -> Option<f32> {
        self.sentiment
    }

    /// What it needs now; the same until an event answers it.
    pub fn next(&self) -> Effect {
        if self.ledger.is_due() {
            let (first, steps) = self.ledger.due();
            return Effect::Record { first, steps };
        }
        match &self.phase {
            Phase::Prefetching(query) => {
                Effect::Search { query: query.clone(), at_most: i64::from(RESULTS_AT_MOST) }
            }
            Phase::Searching { search, .. } => {
                Effect::Search { query: search.query.clone(), at_most: search.at_most() }
            }
            Phase::Asking | Phase::Handling => Effect::Ask(Box::new(self.request())),
            Phase::Ended(verdict) => Effect::Finish(verdict.clone()),
        }
    }

    pub fn on(&mut self, event: Event) {
        let due = self.ledger.is_due();
        match event {
            Event::Recorded if due => self.ledger.settle(),
            Event::Found(findings) if !due => self.found(findings),
            Event::Said(said) if !due => self.said(said),
            Event::ModelFailed if !due => self.model_failed(),
            Event::Recorded | Event::Found(_) | Event::Said(_) | Event::ModelFailed => {}
        }
    }

    fn found(&mut self, findings: Findings) {
        match self.phase.clone() {
            Phase::Prefetching(query) => {
                self.ledger.push(Step::Prefetched { query, findings: findings.clone() });
                self.prefetched(findings);
                self.advance();
            }
            Phase::Searching { call, .. } => {
                self.searched(&call, findings);
                self.advance();
            }
            Phase::Asking | Phase::Handling | Phase::Ended(_) => {}
        }
    }

    fn said(&mut self, said: ModelTurn) {
        if matches!(self.phase, Phase::Asking) {
            self.ledger.push(Step::Modelled { said: said.clone() });
            self.hear(said);
            self.advance();
        }
    }

    fn model_failed(&mut self) {
        if matches!(self.phase, Phase::Asking) {
            self.ledger.push(Step::ModelFailed);
            self.hear_failure();
        }
    }

    fn hear_failure(&mut self) {
        self.escalate(Reason::Failure, "The language model refuses to work.");
    }

    /// Goes on through everything that needs nobody, or was done and recorded before a crash.
    fn advance(&mut self) {
        loop {
            let moved = match self.phase {
                Phase::Prefetching(_) => self.replay_prefetch(),
                Phase::Asking => self.replay_reply(),
                Phase::Handling => self.handle(),
                Phase::Searching { .. } => self.replay_search(),
                Phase::Ended(_) => false,
            };
            if !moved {
                return;
            }
        }
    }

    fn replay_prefetch(&mut self) -> bool {
        let nothing_to_search = matches!(&self.phase, Phase::Prefetching(query) if query.is_empty());
        let findings = self.ledger.recorded_prefetch();
        let findings = findings.or_else(|| nothing_to_search.then(Findings::default));
        findings.map(|findings| self.prefetched(findings)).is_some()
    }

    fn prefetched(&mut self, findings: Findings) {
        self.tally.tools.push(ToolName::SearchKnowledgeBase);
        self.tally.fruitless += u32::from(!findings.relevant);
        self.findings = findings;
        self.phase = Phase::Asking;
    }

    /// Another search is over: once as many found nothing as the rules allow, a person takes over.
    fn count_search(&mut self, findings: &Findings) {
        self.tally.fruitless += u32::from(!findings.relevant);
        self.phase = Phase::Handling;
        let is_enough = self.handbook.rules.searches().is_some_and(|most| self.tally.fruitless >= most);
        if is_enough && !self.findings.relevant {
            self.escalate(Reason::NoAnswer, "The documentation holds no answer, however it is searched.");
        }
    }

    fn replay_reply(&mut self) -> bool {
        match self.ledger.recorded_reply() {
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
        if self.is_spent() {
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
        self.reply = Reply { calls: said.calls.clone().into(), ..Reply::default() };
        self.exchanges.push(Exchange { said, results: Vec::new(), correction: None });
        self.phase = Phase::Handling;
    }

    fn request(&self) -> Request {
        Request {
            channel: self.briefing.channel,
            ticket: self.briefing.ticket.clone(),
            customer_name: self.briefing.customer_name.clone(),
            notices: self.notices,
            unsettled: self.briefing.unsettled.clone(),
            history: self.briefing.history.clone(),
            findings: self.findings.clone(),
            exchanges: self.exchanges.clone(),
            tools: ToolName::ALL,
        }
    }

    fn escalate(&mut self, reason: Reason, why: &str) {
        let rule = rule_for(&self.handbook, reason, why);
        let hand_over = hand_over(&self.briefing, &self.handbook, &rule);
        self.end(Decision::Escalate(hand_over));
    }

    fn end(&mut self, decision: Decision) {
        let language = self.briefing.language.as_deref();
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
        self.phase = Phase::Ended(Box::new(Verdict {
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
        }));
    }
}
