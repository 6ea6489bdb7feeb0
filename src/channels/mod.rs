//! What is special about each channel: how its messages are read. Only the adapters below wait or send; nothing
//! here stores.

pub mod automatic;
pub mod staff;
pub mod web_form;
