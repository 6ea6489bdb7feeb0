//! What calls of a model use: counted in metrics, and held against the budgets of a call and the ceilings of its
//! conversation and the day.

use super::ask::Answer;
use crate::actors::store::store_handle::StoreHandle;
use crate::agent::port::LanguageModel;
use crate::agent::turn::budgets::{Budgets, Ceilings};
use crate::crm::port::Turns;
use crate::domain::conversations::turn::Usage;
use crate::domain::ids::ConversationId;
use crate::metrics::METRICS;

/// Counts what one call of a model used.
pub fn count_usage(model: &str, usage: &Usage) {
    METRICS.model_tokens.with_label_values(&[model, "in"]).inc_by(usage.tokens_in.into());
    METRICS.model_tokens.with_label_values(&[model, "out"]).inc_by(usage.tokens_out.into());
    METRICS.model_cost.with_label_values(&[model]).inc_by(usage.cost_micros);
}

/// The budgets, reduced to what the ceilings of conversation and day leave. `own` is what was used of them before, as far
/// as it is stored.
pub async fn budgets_left(
    (budgets, ceilings): (Budgets, Ceilings),
    model: &dyn LanguageModel,
    turns: &StoreHandle<dyn Turns>,
    conversation: ConversationId,
    own: Usage,
) -> Answer<Budgets> {
    if ceilings == Ceilings::default() || !model.is_metered() {
        return Ok(budgets);
    }
    let spent = turns.call(move |turns| turns.spent(conversation)).await?;
    Ok(budgets.within(ceilings, spent, own))
}
