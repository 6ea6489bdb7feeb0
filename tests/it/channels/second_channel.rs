//! A second provider channel beside WhatsApp, in one process: a fake mail adapter that implements the port of the
//! channels goes through intake, delivery, doubt, attachments, feed and status, and `src` knows nothing of it.

mod delivery;
mod inbound;
mod loops;
mod mail;
mod records;
mod rig;
