//! Wiring: builds the configured adapters, and brings the database and the documents to the state that a command needs.

pub mod email;
pub mod first_admin;
pub mod handbook;
pub mod kafka;
pub mod live_secrets;
pub mod mcp;
pub mod model;
pub mod open_files;
pub mod pages;
pub mod providers;
pub mod secrets;
pub mod start;
pub mod whatsapp;
