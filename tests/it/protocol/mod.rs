//! Model checking of the write protocol: explored for every interleaving of two processes, crashes, customers and
//! staff, and compared with PostgreSQL. `decisions` is the reference model of both.

mod decisions;
mod merging;
mod mirror;
mod model;
mod rules;
mod staff;
mod world;
