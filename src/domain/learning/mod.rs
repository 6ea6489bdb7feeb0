//! Learning from resolved tickets: what the documents could not answer, drafts from the answers of staff, proposals that
//! people approve, and the articles that come of them. Nothing here changes what the bot reads before an approval.

pub mod articles;
pub mod drafting;
pub mod gaps;
pub mod proposals;
pub mod redaction;
pub mod runs;
