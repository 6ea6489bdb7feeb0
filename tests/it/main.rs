//! Integration test binary: all tests in one, because linking takes most of the build time.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod accounts;
mod architecture;
mod channels;
mod console;
mod crm;
mod customer_pages;
mod customer_rights;
mod database;
mod http_contract;
mod kafka;
mod learning;
mod mcp;
#[cfg(feature = "fakes")]
mod model;
mod operations;
mod protocol;
mod reliability;
mod reports;
mod support;
mod webhooks;
