//! WhatsApp through Twilio: what its webhooks say, and whether it is Twilio who says it.
//!
//! Unknown fields are ignored, because Twilio adds some without notice; a signature covers them all the same.

mod form;
mod inbound;
mod signature;

pub use self::form::Form;
pub use self::inbound::{FreshIds, inbound};
pub use self::signature::{SIGNATURE, Verifier, sign};
