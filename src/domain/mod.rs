//! Pure types and decisions: no input or output, no clock, no randomness, no other part of the program.

pub mod attachment;
pub mod backoff;
pub mod completed_turn;
pub mod consent;
pub mod contact;
pub mod delay;
pub mod delivery;
pub mod dialogue;
pub mod enums;
pub mod escalation;
pub mod fetch;
pub mod hours;
pub mod ids;
pub mod inquiry;
pub mod knowledge;
pub mod language;
pub mod linking;
pub mod restart;
pub mod roles;
pub mod stall;
pub mod text;
pub mod texts;
pub mod timing;
pub mod turn;
pub mod views;
pub mod voice;
