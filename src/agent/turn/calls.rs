//! Tool call dispatch: executes the calls of one reply in order, up to the first valid terminal one.

use super::{Turn, TurnPhase, account};
use crate::agent::handbook::Rule;
use crate::agent::models::tools::{EscalationArgs, ResponseArgs, SearchArgs, Tool, ToolName};
use crate::agent::models::transcript::{format_customer_history, format_search_results, format_ticket};
use crate::agent::port::ToolResult;
use crate::agent::reading::triage::Triage;
use crate::agent::reply::hand_over::{hand_over, rule_for};
use crate::agent::reply::{self, Grounds};
use crate::domain::conversations::answer_fault::AnswerFault;
use crate::domain::conversations::turn::{Decision, HandOver, Step, ToolCall};
use crate::domain::enums::Reason;
use crate::domain::knowledge::{Findings, Passage};
use crate::domain::wording::texts::TextKey;

/// How many errors of the same kind are tolerated in one turn.
const LAPSES_FORGIVEN: u32 = 1;

impl Turn {
    /// What triage decided.
    pub(super) fn follow(&mut self, triage: Triage) {
        match triage {
            Triage::Answer => match account::answer(&self.context, &self.handbook.texts) {
                Some(text) => self.end(Decision::Answer { text, sources: Vec::new() }),
                None => self.advance(),
            },
            Triage::Praise => {
                let language = self.context.language.as_deref();
                let text = self.handbook.texts.get(TextKey::Praise, language).to_owned();
                self.end(Decision::Answer { text, sources: Vec::new() });
            }
            Triage::Refuse(text) => self.end(Decision::Answer { text, sources: Vec::new() }),
            Triage::Silent => self.end(Decision::Silent),
            Triage::Escalate(rule) => {
                let hand_over = hand_over(&self.context, &self.handbook, &rule);
                self.end(Decision::Escalate(hand_over));
            }
        }
    }

    /// Executes the next call of the newest reply, or evaluates the reply after its last one.
    pub(super) fn handle(&mut self) -> bool {
        let Some(call) = self.reply.calls.pop_front() else {
            self.close_reply();
            return true;
        };
        match Tool::read(&call) {
            Ok(Tool::Respond(response)) => self.respond(&call, &response),
            Ok(Tool::Escalate(opt_out)) => {
                let hand_over = self.hand_over(&opt_out);
                self.end_by_model(Decision::Escalate(hand_over));
            }
            Ok(Tool::CreateTicket) => {
                let ticket = format_ticket(&self.context.ticket);
                self.run(&call, ToolName::CreateTicket, ticket);
            }
            Ok(Tool::GetCustomerHistory) => {
                let history = format_customer_history(&self.context.history, self.context.account.as_deref());
                self.run(&call, ToolName::GetCustomerHistory, history);
            }
            Ok(Tool::SearchArgs(search)) => self.search(call, search),
            Err(malformed) => {
                self.reply.faults.insert(AnswerFault::BadCall);
                self.refuse(&call, &malformed.to_string());
            }
        }
        true
    }

    /// Replays the recorded result of a search, if there is one.
    pub(super) fn replay_search(&mut self) -> bool {
        let TurnPhase::Searching { call, .. } = &self.phase else {
            return false;
        };
        let call = call.clone();
        let Some((result, findings)) = self.step_log.recorded_result(&call) else {
            return false;
        };
        self.conclude(&call, result, findings.clone());
        self.count_search(&findings);
        true
    }

    /// Handles the result of a search that the model requested.
    pub(super) fn searched(&mut self, call: &ToolCall, findings: Findings) {
        let result = format_search_results(&findings);
        self.step_log.push(Step::ToolRan {
            call_id: call.id.clone(),
            name: call.name.clone(),
            result: result.clone(),
            findings: findings.clone(),
        });
        self.conclude(call, result, findings.clone());
        self.count_search(&findings);
    }

    fn respond(&mut self, call: &ToolCall, response: &ResponseArgs) {
        let (passages, instructions) = (&self.findings.passages, &self.speaker.instructions);
        match reply::check(response, &Grounds::of(&self.context, passages, instructions, &self.handbook)) {
            Ok(answer) => self.end_by_model(answer),
            Err(objection) => {
                self.reply.faults.insert(AnswerFault::Refused);
                self.refuse(call, &objection.to_string());
            }
        }
    }

    fn hand_over(&self, opt_out: &EscalationArgs) -> HandOver {
        let usual = rule_for(&self.handbook, opt_out.reason, &opt_out.summary);
        let severity = opt_out.severity.unwrap_or(usual.severity);
        hand_over(&self.context, &self.handbook, &Rule { severity, ..usual })
    }

    fn search(&mut self, call: ToolCall, search: SearchArgs) {
        if self.may_run_another() {
            self.tally.tools.push(ToolName::SearchKnowledgeBase);
            self.phase = TurnPhase::Searching { call, search };
        }
    }

    fn run(&mut self, call: &ToolCall, tool: ToolName, result: String) {
        if self.may_run_another() {
            self.tally.tools.push(tool);
            self.note(call, result);
        }
    }

    fn refuse(&mut self, call: &ToolCall, why: &str) {
        if self.may_run_another() {
            self.note(call, format!("refused: {why}"));
        }
    }

    fn may_run_another(&mut self) -> bool {
        let may = self.tally.tool_calls < self.budgets.tool_calls;
        if may {
            self.tally.tool_calls += 1;
        } else {
            self.escalate(Reason::Budget, "The turn used up its tool calls before it came to an answer.");
        }
        may
    }

    /// The outcome of a call without an effect; an outcome that was recorded before takes precedence.
    fn note(&mut self, call: &ToolCall, result: String) {
        let recorded = self.step_log.recorded_result(call);
        let (result, findings) = recorded.unwrap_or_else(|| {
            self.step_log.push(Step::ToolRan {
                call_id: call.id.clone(),
                name: call.name.clone(),
                result: result.clone(),
                findings: Findings::default(),
            });
            (result, Findings::default())
        });
        self.conclude(call, result, findings);
    }

    fn conclude(&mut self, call: &ToolCall, text: String, findings: Findings) {
        self.learn(findings);
        if let Some(exchange) = self.exchanges.last_mut() {
            exchange.results.push(ToolResult { call_id: call.id.clone(), name: call.name.clone(), text });
        }
    }

    /// Adds what was found; the passages of the first search with a relevant one lead.
    fn learn(&mut self, findings: Findings) {
        let mut passages = findings.passages;
        if findings.relevant && !self.findings.relevant {
            std::mem::swap(&mut self.findings.passages, &mut passages);
        }
        self.findings.relevant |= findings.relevant;
        for passage in passages {
            if !self.knows(&passage) {
                self.findings.passages.push(passage);
            }
        }
    }

    fn knows(&self, passage: &Passage) -> bool {
        self.findings.passages.iter().any(|known| known.id == passage.id)
    }

    fn close_reply(&mut self) {
        if let Some(exchange) = self.exchanges.last_mut()
            && exchange.said.calls.is_empty()
        {
            let fault = exchange.said.fault.unwrap_or(AnswerFault::NoCall);
            exchange.correction = Some(correction(fault));
            self.reply.faults.insert(fault);
        }
        let is_refused = self.reply.faults.remove(&AnswerFault::Refused);
        self.tally.malformed += u32::from(!self.reply.faults.is_empty());
        self.tally.refused += u32::from(is_refused);
        self.tally.faults.extend(is_refused.then_some(AnswerFault::Refused));
        self.tally.faults.extend(std::mem::take(&mut self.reply.faults));
        if self.tally.refused > LAPSES_FORGIVEN {
            self.escalate(Reason::NoAnswer, "No answer was found that may be sent.");
        } else if self.tally.malformed > LAPSES_FORGIVEN {
            self.escalate(Reason::Failure, "The language model gave answers that can't be used, twice.");
        } else {
            self.phase = TurnPhase::Asking;
        }
    }
}

/// What a model is told of an answer that is wrong as a whole.
const fn correction(fault: AnswerFault) -> &'static str {
    match fault {
        AnswerFault::Unreadable => {
            "Your answer could not be read, and nothing was sent. Answer again: call send_response or \
             escalate_to_human, with valid JSON as its input."
        }
        AnswerFault::TooLong => {
            "Your answer was far too long, and nothing was sent. Answer again, briefly: call send_response or \
             escalate_to_human."
        }
        AnswerFault::TooManyCalls => {
            "You called too many tools at once, and none was run. Call one tool: send_response or escalate_to_human \
             ends the turn."
        }
        AnswerFault::WrongTypes => {
            "The fields of your answer have the wrong types, and nothing was sent. Answer again: call send_response \
             or escalate_to_human."
        }
        AnswerFault::NoCall | AnswerFault::BadCall | AnswerFault::Refused => {
            "Nothing was sent. End the turn by calling send_response or escalate_to_human."
        }
    }
}
