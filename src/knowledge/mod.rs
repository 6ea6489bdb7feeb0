//! Knowledge base input: from documents to sections that can be found and cited, and from text to vectors. `crm`
//! stores and
//! searches them.

pub mod cache;
pub mod chunks;
pub mod local;
pub mod markdown;
pub mod openai;
pub mod port;
pub mod question;
pub mod workers;
