//! Settings of the agent: which model answers, and how many conversations are in memory at once.

use std::time::Duration;

use super::openai::{OpenaiConfig, micros};
use super::reader::Reader;
use crate::agent::turn::budgets::{Budgets, Ceiling, Ceilings};
use crate::failpoint::{FailAction, Order};

/// No acknowledgement of a delay before a message has waited this long.
const DELAY_ACK: Duration = Duration::from_secs(120);
const DOLLARS_EXPECT: &str = "US dollars such as 0.50, more than 0";
/// Far more than a conversation with a person needs; only a loop between two machines reaches it.
const OF_CONVERSATION: Ceiling = Ceiling { tokens: Some(500_000), cost_micros: Some(3_000_000) };

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentConfig {
    pub model: AgentModel,
    /// Turns at once; 0 takes none.
    pub pool_size: usize,
    /// Idle conversations kept in memory; beyond it the longest idle one is passivated.
    pub pool_idle: usize,
    /// Limits of one turn.
    pub budgets: Budgets,
    /// Limits of one conversation, and of all conversations in a day.
    pub ceilings: Ceilings,
    /// How long a message waits before its customer gets an acknowledgement of the delay.
    pub delay_ack: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgentModel {
    /// Offline and deterministic.
    Scripted,
    /// An OpenAI-compatible service.
    Openai,
}

pub(super) fn read(reader: &mut Reader<'_>, openai: &OpenaiConfig) -> AgentConfig {
    AgentConfig {
        model: model(reader, openai),
        pool_size: reader
            .parse("AGENT_POOL_SIZE", "a whole number, 0 to take no turns", |value| value.parse().ok())
            .unwrap_or(64),
        pool_idle: reader
            .parse("AGENT_POOL_IDLE", "a whole number", |value| value.parse().ok())
            .unwrap_or(10_000),
        budgets: budgets(reader),
        ceilings: ceilings(reader),
        delay_ack: reader
            .parse("DELAY_ACK_SECONDS", "whole seconds from 1", |value| {
                value.parse().ok().filter(|seconds| *seconds > 0).map(Duration::from_secs)
            })
            .unwrap_or(DELAY_ACK),
    }
}

fn budgets(reader: &mut Reader<'_>) -> Budgets {
    let usual = Budgets::default();
    let tokens = reader.parse("BUDGET_TURN_TOKENS", "a whole number of tokens from 1", |value| {
        value.parse().ok().filter(|tokens| *tokens > 0)
    });
    let cost =
        reader.parse("BUDGET_TURN_USD", DOLLARS_EXPECT, |value| micros(value).filter(|cost| *cost > 0));
    Budgets {
        tokens: tokens.unwrap_or(usual.tokens),
        cost_micros: cost.unwrap_or(usual.cost_micros),
        ..usual
    }
}

fn ceilings(reader: &mut Reader<'_>) -> Ceilings {
    let mut limit = |tokens, dollars, usual: Ceiling| Ceiling {
        tokens: reader
            .parse(tokens, "a whole number of tokens, 0 for no limit", |value| value.parse().ok())
            .map_or(usual.tokens, |tokens| (tokens > 0).then_some(tokens)),
        cost_micros: reader
            .parse(dollars, "US dollars such as 2.50, 0 for no limit", micros)
            .map_or(usual.cost_micros, |cost| (cost > 0).then_some(cost)),
    };
    Ceilings {
        conversation: limit("BUDGET_CONVERSATION_TOKENS", "BUDGET_CONVERSATION_USD", OF_CONVERSATION),
        day: limit("BUDGET_DAY_TOKENS", "BUDGET_DAY_USD", Ceiling { tokens: None, cost_micros: None }),
    }
}

/// The service if there is a key; without a key only if the base URL is not OpenAI's.
fn model(reader: &mut Reader<'_>, openai: &OpenaiConfig) -> AgentModel {
    let asked = reader.parse("AGENT_MODEL", "scripted or openai", |value| match value {
        "scripted" => Some(AgentModel::Scripted),
        "openai" => Some(AgentModel::Openai),
        _ => None,
    });
    match asked {
        Some(AgentModel::Openai) if !openai.is_usable() => {
            reader.wrong("OPENAI_API_KEY", None, "a key, since AGENT_MODEL is openai");
            AgentModel::Openai
        }
        Some(model) => model,
        None if openai.key.is_some() => AgentModel::Openai,
        None => AgentModel::Scripted,
    }
}

/// `FTE_FAILPOINT`, else `FTE_PANICPOINT`: where this process dies, or panics, in a test.
pub(super) fn read_failpoint(reader: &mut Reader<'_>) -> Option<Order> {
    let expects = if cfg!(feature = "failpoints") {
        "name or name:nth, nth from 1, with a name that `fte failpoints` lists"
    } else {
        "to be unset: this build has no failpoints"
    };
    let parse = |value: &str, action| Order::parse(value, action).filter(|_| cfg!(feature = "failpoints"));
    let kill = reader.parse("FTE_FAILPOINT", expects, |value| parse(value, FailAction::Kill));
    let panic = reader.parse("FTE_PANICPOINT", expects, |value| parse(value, FailAction::Panic));
    kill.or(panic)
}
