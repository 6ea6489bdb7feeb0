//! The MCP server through the running program: its tools for customers and staff, what it refuses, and its protocol.

pub mod client;
mod harm;
mod official;
mod protocol;
mod replies;
mod stdio;
mod tools;
