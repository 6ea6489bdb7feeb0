//! Actors behind the console of staff.

pub mod advisor;
pub mod dispatcher;
pub mod staff_broadcaster;
pub mod timekeeper;
