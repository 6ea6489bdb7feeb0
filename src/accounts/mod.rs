//! Proofs of identity of staff and programs: passwords, one-time codes, tokens. Pure computation; it stores nothing and
//! knows no request.

pub mod password;
pub mod secret;
pub mod totp;
