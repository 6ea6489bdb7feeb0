//! Actors behind the console of staff.

pub mod advisor;
pub mod dispatcher;
pub mod reminder_mailer;
pub mod replays;
pub mod reporter;
mod reviews;
pub mod staff_broadcaster;
mod summaries;
pub mod timekeeper;
