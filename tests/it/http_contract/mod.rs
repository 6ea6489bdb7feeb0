//! HTTP contract tests: the HTTP API of API.md over real connections, with fakes of the actors.

#![expect(
    clippy::unwrap_used,
    reason = "a test that can't go on fails; helpers count as no tests to the lint"
)]

mod access;
mod account_fakes;
mod compatibility;
mod connections;
mod console_fakes;
mod examples;
mod learning_fakes;
mod openapi_diff;
mod page_fakes;
mod pages;
mod reading;
mod refusals;
mod rig;
mod submitting;
mod traffic;
mod view_fakes;
mod webhook_fakes;
mod whatsapp;
