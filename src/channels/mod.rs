//! What is special about each channel: how its messages are read. Nothing here waits, stores or sends.

pub mod web_form;
