//! Actors that learn from resolved tickets: `Curator` and `Rehearser`.

pub mod curator;
mod lessons;
mod past_turn;
pub mod rehearser;
mod vectors;
