//! The e-mail channel: what mails are read as, within which bounds, and how replies are written.

mod bounds;
pub mod fixtures;
mod properties;
mod records;
mod replies;
