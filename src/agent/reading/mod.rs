//! Reading what a customer wrote, by rules alone: the new text without quotes, its language, its mood, and its triage.

pub mod language;
pub mod patterns;
pub mod query;
pub mod sentiment;
pub mod step_count;
pub mod triage;

#[cfg(test)]
mod costs;
