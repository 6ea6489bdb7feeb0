//! The HTTP front as API.md describes it, over real connections, with stand-ins for the actors behind it.

mod access;
mod connections;
mod reading;
mod refusals;
mod rig;
mod submitting;
