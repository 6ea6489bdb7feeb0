//! The result of a turn: the decision, and its provenance.

use crate::agent::handbook::Rules;
use crate::agent::port::LanguageModel;
use crate::domain::conversations::answer_fault::AnswerFault;
use crate::domain::conversations::turn::{Decision, Provenance};
use crate::domain::customers::linking::LinkStep;

/// The decision of a turn and its provenance; the caller, which has a clock, fills in the latency.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    pub decision: Decision,
    pub link: Option<LinkStep>,
    pub provenance: Provenance,
    /// Faults of the model's answers that it put right after it was told.
    pub corrected: Vec<AnswerFault>,
}

/// The model that decides; stored with the reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Speaker {
    pub model: String,
    pub prompt_version: String,
    /// The model's instructions, which no reply may repeat.
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

    /// The provenance of a decision without a model.
    pub(in crate::agent) fn rules(rules: &Rules) -> Self {
        Self {
            model: "rules".to_owned(),
            prompt_version: rules.edition().to_owned(),
            instructions: String::new(),
        }
    }
}
