//! E-mail through real servers: a Dovecot with an SMTP sink, a GreenMail and a fake Gmail, whatever happens to them and
//! to the program.

mod codes;
mod commands;
#[cfg(feature = "failpoints")]
mod crash;
mod gmail;
mod gmail_faults;
mod greenmail;
mod imap;
mod limits;
mod logins;
mod reports;
mod rig;
mod sending;
mod several;
mod simulate;
mod visible;
