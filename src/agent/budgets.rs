//! How much one turn may use up before a person must take over.

/// What a turn may use up; what was done before a crash counts too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budgets {
    pub model_calls: u32,
    /// Calls of tools, refused ones too, the one that ends the turn not.
    pub tool_calls: u32,
    /// Tokens in and out together, after which the model is not asked again.
    pub tokens: u32,
    /// Millionths of a US dollar, after which the model is not asked again.
    pub cost_micros: u64,
    /// Time that the model itself took, in milliseconds; waits on a failing provider do not count.
    pub model_ms: u32,
}

impl Default for Budgets {
    /// A typical turn is one model call; a search and a correction make it three.
    fn default() -> Self {
        Self { model_calls: 6, tool_calls: 10, tokens: 60_000, cost_micros: 500_000, model_ms: 120_000 }
    }
}
