//! `fte`: a customer-success agent that a company hosts itself.

pub mod actors;
pub mod channels;
pub mod clock;
pub mod crm;
pub mod domain;
pub mod http;
