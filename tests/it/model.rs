//! The model behind an OpenAI-compatible service: the adapter alone, and the whole program with it.

mod adapter;
mod budgets;
mod outage;
mod rig;
mod served;
mod troubles;
