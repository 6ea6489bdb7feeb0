//! Customers: their addresses, their consent, and how a chat is linked to one.

pub mod consent;
pub mod contact;
pub mod linking;
pub mod personal_data;
pub mod rights;
pub mod web_identity;
