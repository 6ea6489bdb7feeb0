//! Knowledge commands: documents on disk, vector indexes, and the stores that both need.

pub mod documents;
pub mod help_centre;
pub mod indexing;
pub mod knowledge_stores;
