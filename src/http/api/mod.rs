//! Data transfer objects: the JSON shapes of the API, each with its OpenAPI schema. They decide nothing and read
//! nothing; handlers convert read models and actors' answers into them.

pub mod channel_metrics;
pub mod conversations;
pub mod customer_rights;
pub mod customers;
pub mod health;
pub mod help;
pub mod pool;
pub mod problem;
pub mod programs;
pub mod reference;
pub mod sessions;
pub mod submissions;
pub mod tickets;
mod vocabulary;
