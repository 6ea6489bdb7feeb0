//! Integration test binary: all tests in one, because linking takes most of the build time.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod architecture;
mod commands;
mod config;
#[cfg(feature = "failpoints")]
mod crash;
mod crm_intake;
mod crm_linking;
mod crm_turns;
mod crm_whatsapp;
mod customer_pages;
mod desk;
mod drain;
mod embedded;
mod embedded_default;
mod end_to_end;
mod events;
#[cfg(feature = "fakes")]
mod first_start;
mod http_contract;
mod judged;
mod kafka;
mod migrations;
#[cfg(feature = "fakes")]
mod model;
mod names;
mod overload;
#[cfg(feature = "failpoints")]
mod panics;
mod parking;
mod protocol;
mod reliability;
mod roles;
mod rollout;
mod schema;
mod search;
mod second_channel;
mod support;
mod tls;
mod whatsapp;
