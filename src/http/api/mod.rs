//! Data transfer objects: the JSON shapes of the API, each with its OpenAPI schema. They decide nothing and read
//! nothing; handlers convert read models and actors' answers into them.

pub mod actions;
pub mod audit;
pub mod bulk;
pub mod channel_metrics;
pub mod conversation_parts;
pub mod conversations;
pub mod customer_rights;
pub mod customers;
pub mod deliveries;
pub mod desk_tools;
pub mod health;
pub mod help;
pub mod identity;
pub mod knowledge;
pub mod macros;
pub mod people;
pub mod pool;
pub mod problem;
pub mod programs;
pub mod quality;
pub mod queue;
pub mod rearrangements;
pub mod reference;
pub mod replays;
pub mod report_tables;
pub mod reports;
pub mod saved_views;
pub mod sessions;
pub mod side;
pub mod staff_events;
pub mod submissions;
pub mod suggestions;
pub mod summaries;
pub mod tickets;
mod vocabulary;
pub mod webhooks;
