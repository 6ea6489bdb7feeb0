//! Messages: what customers send, the files beside it, and the delivery of replies.

pub mod attachment;
pub mod delivery;
pub mod email;
pub mod fetch;
pub mod inquiry;
