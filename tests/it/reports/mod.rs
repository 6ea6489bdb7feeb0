//! Tests of reports: conversations with known answers for every figure, lists that are as long as their figures, what
//! actions of staff count as, and the command.

mod actions;
mod breakdowns;
mod cases;
mod figures;
mod quality;
