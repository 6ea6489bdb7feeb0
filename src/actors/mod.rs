//! The actors: they carry messages and own state; what to decide is decided in `domain`.

pub mod ask;
pub mod messages;
