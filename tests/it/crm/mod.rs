//! Store tests on a real PostgreSQL: what the batch functions write, and what the knowledge search finds.

mod clocks;
mod intake;
mod linking;
mod search;
mod turns;
mod whatsapp;
