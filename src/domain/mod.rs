//! Pure types and decisions: no input or output, no clock, no randomness, no other part of the program.

pub mod accounts;
pub mod audit;
pub mod background;
pub mod console;
pub mod conversations;
pub mod customers;
pub mod enums;
pub mod history;
pub mod ids;
pub mod knowledge;
pub mod learning;
pub mod messages;
pub mod quality;
pub mod relevance;
pub mod reports;
pub mod runtime;
pub mod validation;
pub mod views;
pub mod webhooks;
pub mod wording;
mod words;
