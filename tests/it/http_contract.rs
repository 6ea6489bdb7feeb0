//! The HTTP front as API.md describes it, over real connections, with stand-ins for the actors behind it.

#![expect(
    clippy::unwrap_used,
    reason = "a test that can't go on fails; helpers count as no tests to the lint"
)]

mod access;
mod connections;
mod reading;
mod refusals;
mod rig;
mod submitting;
mod whatsapp;
