//! Macros: texts with placeholders, and what a console does with them in one click.

use serde::{Deserialize, Serialize};

use crate::domain::enums::{Priority, Severity};
use crate::domain::ids::{MacroId, StaffId};

/// What a macro does beside its text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MacroActions {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub add_tags: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remove_tags: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// `resolve` with the reply.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub then: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MacroChange {
    pub name: String,
    pub text: String,
    /// Everybody may use it.
    pub shared: bool,
    pub actions: MacroActions,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MacroView {
    pub id: MacroId,
    pub owner: StaffId,
    pub content: MacroChange,
}
