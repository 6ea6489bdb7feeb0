//! What is special about each channel: how its messages are read and proved. Only the adapters below wait or send;
//! nothing here stores.

pub mod automatic;
mod digest;
mod folder;
pub mod format;
pub mod language;
pub mod port;
pub mod staff;
pub mod verification;
pub mod web_form;
pub mod whatsapp;

pub use folder::MediaFolder;
