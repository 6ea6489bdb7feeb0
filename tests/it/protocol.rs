//! Model checking of the rules of who may write: explored for every order in which two processes, crashes, customers and
//! staff can meet, and compared with what PostgreSQL does. `decisions` is the reference model of both.

mod decisions;
mod mirror;
mod model;
mod rules;
mod world;
