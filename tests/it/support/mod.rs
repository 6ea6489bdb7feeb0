//! Shared test fixtures and helpers.

pub mod collector;
pub mod crowd;
pub mod customers;
pub mod dovecot;
pub mod fault_proxy;
pub mod gate;
pub mod gmail;
pub mod greenmail;
pub mod imports;
pub mod kafka;
pub mod load;
pub mod module_graph;
pub mod postgres;
pub mod process;
pub mod receiver;
pub mod records;
pub mod served;
pub mod smtp;
pub mod sse;
pub mod tls_proxy;
pub mod twilio;
pub mod verdict;
pub mod wait;
pub mod whatsapp;
