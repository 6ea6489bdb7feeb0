//! From documents to sections that can be found and cited, and from text to vectors. Storing and searching them is
//! the business of `crm`.

pub mod chunks;
pub mod markdown;
pub mod minilm;
pub mod openai;
pub mod port;
pub mod question;
pub mod workers;
