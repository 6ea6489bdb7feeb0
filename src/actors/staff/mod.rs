//! Actors behind the console of staff.

pub mod advisor;
pub mod dispatcher;
mod reviews;
pub mod staff_broadcaster;
