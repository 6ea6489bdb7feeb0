//! Data transfer objects of what a conversation shows staff beside its messages: the hand-off, the bot's turns, who takes
//! part, and the clocks.

use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::tickets::ArticleRef;
use crate::domain::console::detail::{DueTimes, HandOffView, ParticipantView, StepView, TurnView};
use crate::domain::conversations::turn::Step;
use crate::domain::enums::{AddressProof, IdentifierKind, Outcome, ParticipantRole, TurnState};
use crate::domain::ids::{EscalationId, MessageId, TurnId};
use crate::domain::knowledge::Source;

/// What a person who takes over must know, as it was at the hand-off.
#[derive(Debug, Serialize, ToSchema)]
pub struct HandOffBrief {
    pub escalation_id: EscalationId,
    /// What the customer came with.
    pub wish: String,
    /// What the bot answered, oldest first.
    pub tried: Vec<String>,
    /// What was not answered.
    pub open_question: String,
    /// What the customer was told that people will do, the newest first.
    pub promises: Vec<String>,
    pub sources: Vec<ArticleRef>,
}

/// When answers of people are due; all null while the bot has the conversation. `paused`: the conversation waits for its
/// customer, or support is closed.
#[derive(Debug, Serialize, ToSchema)]
pub struct SlaClocks {
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub first_response_due: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub next_response_due: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub resolution_due: Option<OffsetDateTime>,
    pub breached: bool,
    pub paused: bool,
}

impl From<DueTimes> for SlaClocks {
    fn from(times: DueTimes) -> Self {
        Self {
            first_response_due: times.first_response,
            next_response_due: times.next_response,
            resolution_due: times.resolution,
            breached: times.breached,
            paused: times.paused,
        }
    }
}

/// One turn of the bot.
#[derive(Debug, Serialize, ToSchema)]
pub struct BotTurn {
    pub id: TurnId,
    /// Null where the turn has written nothing.
    #[schema(required)]
    pub outcome: Option<Outcome>,
    pub end: TurnState,
    #[serde(with = "time::serde::rfc3339")]
    pub started_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub ended_at: Option<OffsetDateTime>,
    /// The customer's messages that it answered, or would have.
    pub covers: Vec<MessageId>,
    pub steps: Vec<TurnStep>,
    pub sources: Vec<ArticleRef>,
    #[schema(required)]
    pub model: Option<String>,
    pub tokens: i64,
    /// Millionths of a US dollar.
    pub cost_micros: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct TurnStep {
    pub number: i32,
    #[schema(example = "modelled")]
    pub kind: &'static str,
    /// What was recorded; its members depend on the kind.
    #[schema(value_type = serde_json::Value)]
    pub content: Step,
}

/// An address that takes part in a conversation.
#[derive(Debug, Serialize, ToSchema)]
pub struct Participant {
    pub kind: IdentifierKind,
    pub value: String,
    /// Empty where no name is known.
    pub name: String,
    pub role: ParticipantRole,
    pub proof: AddressProof,
}

impl From<HandOffView> for HandOffBrief {
    fn from(view: HandOffView) -> Self {
        Self {
            escalation_id: view.escalation,
            wish: view.wish,
            tried: view.tried,
            open_question: view.open_question,
            promises: view.promises,
            sources: articles(view.sources),
        }
    }
}

impl From<TurnView> for BotTurn {
    fn from(view: TurnView) -> Self {
        Self {
            id: view.id,
            outcome: view.outcome,
            end: view.state,
            started_at: view.started_at,
            ended_at: view.ended_at,
            covers: view.covers,
            steps: view.steps.into_iter().map(TurnStep::from).collect(),
            sources: articles(view.sources),
            model: view.model,
            tokens: view.tokens,
            cost_micros: view.cost_micros,
        }
    }
}

fn articles(sources: Vec<Source>) -> Vec<ArticleRef> {
    sources.into_iter().map(|Source { id, title, .. }| ArticleRef { id, title }).collect()
}

impl From<StepView> for TurnStep {
    fn from(view: StepView) -> Self {
        Self { number: view.number, kind: view.step.kind(), content: view.step }
    }
}

impl From<ParticipantView> for Participant {
    fn from(view: ParticipantView) -> Self {
        Self { kind: view.kind, value: view.value, name: view.name, role: view.role, proof: view.proof }
    }
}
