//! The result of a turn: the decision, and who made it.

use crate::domain::linking::LinkStep;
use crate::domain::turn::{Decision, Provenance};

use super::handbook::Rules;
use super::port::LanguageModel;

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
