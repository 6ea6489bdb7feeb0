//! The actors: they carry messages and own state; decisions are made in `domain` and `agent`.

pub mod accounts;
pub mod channels;
pub mod conversations;
pub mod customers;
pub mod events;
pub mod learning;
pub mod messages;
pub mod pages;
pub mod runtime;
pub mod staff;
pub mod store;
pub mod supervisor;
