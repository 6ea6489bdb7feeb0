//! The guard before the model: what is decided by rules, whatever the model is.

use crate::domain::turn::Briefing;
use crate::domain::words::Reason;

pub(super) enum Triage {
    Answer,
    Silent,
    Escalate { reason: Reason, why: &'static str },
}

/// No rules yet: everything goes to the model.
pub(super) fn triage(_briefing: &Briefing) -> Triage {
    Triage::Answer
}
