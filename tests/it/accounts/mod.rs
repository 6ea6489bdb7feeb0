//! Tests of accounts of staff through the real server and the command line: sessions, guessing, forged requests, second
//! factors, tokens.

pub mod client;
mod guessing;
mod races;
mod second_factor;
mod sessions;
mod tokens;
