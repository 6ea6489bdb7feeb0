//! E-mail through real servers: a Dovecot with an SMTP sink, whatever happens to them and to the program.

mod commands;
#[cfg(feature = "failpoints")]
mod crash;
mod gmail;
mod imap;
mod rig;
mod sending;
