//! The commands beside `fte migrate`, one file each.

pub mod after_restore;
pub mod chat;
pub mod customer;
pub mod dead_letters;
pub mod doctor;
pub mod eval;
#[cfg(feature = "fakes")]
pub mod fake_openai;
pub mod gmail;
pub mod health;
pub mod kb;
pub mod mcp;
pub mod replay;
pub mod report;
pub mod serve;
pub mod simulate;
pub mod staff;
pub mod token;
