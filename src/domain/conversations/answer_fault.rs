//! Why an answer of a model can't be used. The turn tells the model once; after the second fault a person takes over.

use serde::{Deserialize, Serialize};

/// What is wrong with an answer. The model's adapter finds the first four, the turn the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerFault {
    /// It is no JSON, or holds half of a character.
    Unreadable,
    /// It is longer than any reply may be.
    TooLong,
    TooManyCalls,
    /// Its fields have types that can't be interpreted.
    WrongTypes,
    /// It calls no tool.
    NoCall,
    /// It calls an unknown tool, or with an invalid input.
    BadCall,
    /// The output guard refused its text.
    Refused,
}

impl AnswerFault {
    pub const ALL: [Self; 7] = [
        Self::Unreadable,
        Self::TooLong,
        Self::TooManyCalls,
        Self::WrongTypes,
        Self::NoCall,
        Self::BadCall,
        Self::Refused,
    ];

    /// Its name as a label of a metric and in a recorded step.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::TooLong => "too_long",
            Self::TooManyCalls => "too_many_calls",
            Self::WrongTypes => "wrong_types",
            Self::NoCall => "no_call",
            Self::BadCall => "bad_call",
            Self::Refused => "refused",
        }
    }
}
