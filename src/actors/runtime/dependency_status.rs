//! Status of an external dependency: written by the actor that calls it, read by the health report.

use std::sync::{Arc, Mutex, PoisonError};

/// The current problem with one dependency; empty while there is none.
#[derive(Debug, Default)]
pub struct DependencyStatus(Mutex<Option<String>>);

impl DependencyStatus {
    pub fn now(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn set(&self, dependency_status: Option<String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = dependency_status;
    }
}

/// The dependencies that the health report shows, beside those of the channels.
#[derive(Debug, Default)]
pub struct DependencyStatuses {
    /// Why staff cannot be notified; `None` if that is not configured.
    pub notices: Option<Arc<DependencyStatus>>,
    /// How far the index of vectors is, while it is incomplete; `None` if no process builds one.
    pub index: Option<Arc<DependencyStatus>>,
}
