//! Fakes of the external services that the program calls: real HTTP servers that record every request in a ledger. For
//! tests, and for trying or load-testing the program without an account. Only in builds with the `fakes` feature.

pub mod openai;
