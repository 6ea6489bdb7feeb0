//! The rules of who may write: explored for every order in which two processes, crashes, customers and staff can meet,
//! and held against what PostgreSQL does.

mod mirror;
mod model;
mod rules;
mod world;
