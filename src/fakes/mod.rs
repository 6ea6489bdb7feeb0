//! Stand-ins for the services that the program calls: real HTTP servers which keep a ledger of what they saw. For tests,
//! and for people who want to try or to load the program without an account. Only in builds with the `fakes` feature.

pub mod openai;
