//! Actors behind accounts of staff.

pub mod authenticator;
