//! Learning in the database: articles for staff, gaps of the knowledge, lessons from resolved tickets, proposals with their
//! approvals and runs.

mod approvals;
mod articles;
mod gaps;
mod lessons;
mod proposal_rows;
mod proposals;
mod runs;
