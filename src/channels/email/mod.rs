//! E-mail: what a mail says, whose it is, whether it may be answered, and how a reply is written. Pure functions on the
//! mail as it came (RFC 5322) and on our own addresses; a provider's adapter brings mails and takes replies.
//!
//! `gmail` and `imap` (with `smtp`) are the adapters, `oauth` has their access tokens. An adapter calls
//! [`inbound::MailReader::read`] for a mail that it fetched, and [`reply::ReplyWriter::write`] for a reply that it must
//! send.

pub mod authentication;
pub mod automatic;
pub mod bounce;
pub mod classify;
pub mod gmail;
mod html;
pub mod html_view;
pub mod imap;
pub mod inbound;
pub mod message;
mod mime;
pub mod oauth;
pub mod own;
pub mod reply;
pub mod sandbox;
pub mod sender;
pub mod server;
mod smtp;
pub mod thread;
mod tokens;
