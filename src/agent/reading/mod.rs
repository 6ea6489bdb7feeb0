//! Reading what a customer wrote, by rules alone: its language, its mood, its triage, and the question to search for.

pub mod language;
pub mod patterns;
pub mod query;
pub mod sentiment;
pub mod triage;

#[cfg(test)]
mod costs;
