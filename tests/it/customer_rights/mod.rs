//! Customers' rights through the running program: export, erasure, retention, and the table of where personal data lives.

mod columns;
mod erasure;
mod export;
mod marked;
mod retention;
