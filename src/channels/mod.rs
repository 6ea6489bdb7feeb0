//! Channel adapters: how each channel's messages are parsed and authenticated, and how replies are sent. Only the
//! adapters wait or send; nothing here stores.

mod digest;
pub mod email;
pub mod fields;
mod folder;
pub mod format;
pub mod json_object;
pub mod language;
pub mod outgoing;
pub mod port;
pub mod reports;
pub mod staff;
pub mod verification;
pub mod web_form;
pub mod whatsapp;

pub use folder::MediaFolder;
