//! Actors behind the console of staff.

pub mod advisor;
pub mod dispatcher;
pub mod reporter;
pub mod staff_broadcaster;
