//! Knowledge base ingestion: splits documents into sections that can be found and cited, and converts text into
//! vectors. `crm` stores and searches them.

pub mod articles;
pub mod cache;
pub mod chunks;
pub mod documents;
pub mod local;
pub mod markdown;
pub mod openai;
pub mod port;
pub mod question;
pub mod workers;
