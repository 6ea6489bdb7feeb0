//! Budgets: limits on what one turn may use before a person takes over, and ceilings for a conversation and a day.

use crate::domain::conversations::turn::{Spend, Spent, Usage};

/// What a turn may use; work done before a crash counts too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budgets {
    pub model_calls: u32,
    /// Tool calls, refused ones included, without the one that ends the turn.
    pub tool_calls: u32,
    /// Tokens in and out together; beyond it the model is not called again.
    pub tokens: u32,
    /// Millionths of a US dollar; beyond it the model is not called again.
    pub cost_micros: u64,
    /// Duration of the model calls in milliseconds, without waits on a failing provider.
    pub model_ms: u32,
}

impl Default for Budgets {
    /// A typical turn is one model call; a second search and a correction make it three.
    fn default() -> Self {
        Self { model_calls: 6, tool_calls: 10, tokens: 60_000, cost_micros: 500_000, model_ms: 120_000 }
    }
}

/// What all turns together may use; `None` means no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ceilings {
    pub conversation: Ceiling,
    /// From midnight to midnight UTC.
    pub day: Ceiling,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ceiling {
    pub tokens: Option<u64>,
    pub cost_micros: Option<u64>,
}

impl Ceiling {
    fn left(self, spend: Spend, own: Usage) -> (u64, u64) {
        let left = |limit: Option<u64>, spent: u64, own: u64| {
            limit.map_or(u64::MAX, |limit| limit.saturating_sub(spent.saturating_sub(own)))
        };
        (
            left(self.tokens, spend.tokens, own.tokens().into()),
            left(self.cost_micros, spend.cost_micros, own.cost_micros),
        )
    }
}

impl Budgets {
    /// The same, reduced to what is left for the conversation and the day. `own` is what this turn used before a crash:
    /// it is included in `spent`, and the turn counts it again.
    #[must_use]
    pub fn within(self, ceilings: Ceilings, spent: Spent, own: Usage) -> Self {
        let of_conversation = ceilings.conversation.left(spent.conversation, own);
        let of_day = ceilings.day.left(spent.day, own);
        let tokens = of_conversation.0.min(of_day.0);
        Self {
            tokens: u32::try_from(tokens).map_or(self.tokens, |left| self.tokens.min(left)),
            cost_micros: self.cost_micros.min(of_conversation.1).min(of_day.1),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spend(tokens: u64, cost_micros: u64) -> Spend {
        Spend { tokens, cost_micros }
    }

    fn left(ceilings: Ceilings, spent: Spent, own: Usage) -> (u32, u64) {
        let budgets =
            Budgets { tokens: 1_000, cost_micros: 500, ..Budgets::default() }.within(ceilings, spent, own);
        (budgets.tokens, budgets.cost_micros)
    }

    #[test]
    fn a_turn_may_use_what_conversation_and_day_have_left() {
        let limit = |tokens, cost| Ceiling { tokens, cost_micros: cost };
        let conversation = Ceilings { conversation: limit(Some(5_000), Some(900)), day: Ceiling::default() };
        let day = Ceilings { conversation: Ceiling::default(), day: limit(Some(5_000), None) };
        let none = Usage::default();
        let own = Usage { tokens_in: 300, cost_micros: 50, ..Usage::default() };
        let of_conversation = |spend| Spent { conversation: spend, day: spend };
        let cases = [
            (Ceilings::default(), spend(u64::MAX, u64::MAX), none, (1_000, 500)),
            (conversation, spend(100, 100), none, (1_000, 500)),
            (conversation, spend(4_600, 600), none, (400, 300)),
            (conversation, spend(4_600, 600), own, (700, 350)),
            (conversation, spend(9_000, 0), none, (0, 500)),
            (day, spend(4_900, 7_000), none, (100, 500)),
        ];
        for (ceilings, spend, own, expected) in cases {
            assert_eq!(left(ceilings, of_conversation(spend), own), expected, "{ceilings:?} {spend:?}");
        }
    }
}
