//! Data transfer objects of macros.

use serde::Serialize;
use utoipa::ToSchema;

use super::vocabulary::TagText;
use crate::domain::console::macros::{MacroActions, MacroView};
use crate::domain::enums::{Priority, Severity};
use crate::domain::ids::{ConversationId, MacroId, StaffId};

/// The macros of an account and those that are shared, by name.
#[derive(Debug, Serialize, ToSchema)]
pub struct MacroList {
    pub items: Vec<Macro>,
    #[schema(required)]
    pub next_cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Macro {
    pub id: MacroId,
    pub name: String,
    /// With placeholders such as `{{customer.name}}`.
    pub text: String,
    pub shared: bool,
    pub actions: MacroEffects,
    pub owner_id: StaffId,
}

/// What a console does with the text in one click.
#[derive(Debug, Serialize, ToSchema)]
pub struct MacroEffects {
    pub add_tags: Vec<String>,
    pub remove_tags: Vec<String>,
    #[schema(required)]
    pub priority: Option<Priority>,
    #[schema(required)]
    pub severity: Option<Severity>,
    #[schema(required)]
    pub then: Option<String>,
}

/// A macro to keep. Unknown fields are refused.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MacroRequest {
    #[schema(min_length = 1, max_length = 100, format = "line")]
    pub name: String,
    #[schema(max_length = 10_000)]
    pub text: String,
    pub shared: Option<bool>,
    pub actions: Option<MacroActionsRequest>,
}

/// What a macro does beside its text. Unknown fields are refused.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MacroActionsRequest {
    #[schema(max_items = 20)]
    pub add_tags: Option<Vec<TagText>>,
    #[schema(max_items = 20)]
    pub remove_tags: Option<Vec<TagText>>,
    pub priority: Option<Priority>,
    pub severity: Option<Severity>,
    /// `resolve` resolves the ticket with the reply.
    #[schema(pattern = "^resolve$", example = "resolve")]
    pub then: Option<String>,
}

/// Where a macro is used. Unknown fields are refused.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RenderRequest {
    pub conversation_id: ConversationId,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct RenderedMacro {
    pub text: String,
    /// The placeholders that have no value; they are still in the text.
    pub missing: Vec<String>,
    pub actions: MacroEffects,
}

impl From<MacroView> for Macro {
    fn from(view: MacroView) -> Self {
        Self {
            id: view.id,
            name: view.content.name,
            text: view.content.text,
            shared: view.content.shared,
            actions: view.content.actions.into(),
            owner_id: view.owner,
        }
    }
}

impl From<MacroActions> for MacroEffects {
    fn from(actions: MacroActions) -> Self {
        Self {
            add_tags: actions.add_tags,
            remove_tags: actions.remove_tags,
            priority: actions.priority,
            severity: actions.severity,
            then: actions.then,
        }
    }
}
