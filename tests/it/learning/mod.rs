//! Tests of learning through the real server: gaps, drafts from resolved tickets, proposals and their runs, approvals, and
//! articles that override their files.

mod approvals;
mod drafts;
mod proposals;
