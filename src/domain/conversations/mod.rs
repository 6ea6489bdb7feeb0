//! Conversations: when a turn runs, what it starts from and decides, and what escalates to people.

pub mod answer_fault;
pub mod completed_turn;
pub mod delay;
pub mod dialogue;
pub mod escalation;
pub mod idle;
pub mod live;
pub mod notice_format;
pub mod provider_trouble;
pub mod replay;
pub mod service_levels;
pub mod turn;
