//! What is special about each channel: how its messages are read, proved and sent. Nothing here stores anything.

mod digest;
pub mod language;
pub mod web_form;
pub mod whatsapp;
