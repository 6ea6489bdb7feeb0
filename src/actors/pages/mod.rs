//! Actors behind customers' pages: live events, the search of the help centre, and requests for a person.

pub mod address_prover;
pub mod broadcaster;
pub mod librarian;
pub mod receptionist;
