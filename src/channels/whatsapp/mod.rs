//! Adapter of WhatsApp through Twilio: webhook parsing, signature verification, and the API client.
//!
//! Unknown fields are ignored, because Twilio adds some without notice; the signature covers them all the same.

mod feed;
mod flow;
mod form;
mod inbound;
pub mod media;
mod routing;
pub mod sandbox;
mod signature;
mod status;
mod template;
pub mod twilio;

pub use self::form::Form;
pub use self::inbound::{address, inbound, written};
pub use self::routing::QUIET;
pub use self::signature::{SIGNATURE, Verifier, sign};
pub use self::status::{DELIVERY, status};
pub use self::template::Template;
pub use self::twilio::FeedPace;
