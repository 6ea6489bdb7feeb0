//! Status of an external dependency: written by the actor that calls it, read by the health report.

use std::sync::{Mutex, PoisonError};

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
