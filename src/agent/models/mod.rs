//! Language models: what they are told, the tools that they may call, an adapter for model services, and the offline model.

pub mod openai;
pub mod prompt;
pub mod scripted;

pub(super) mod tools;
pub(super) mod transcript;
