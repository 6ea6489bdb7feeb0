//! WhatsApp end-to-end tests through the real program: real HTTP on both sides, a real PostgreSQL, and a fake Twilio.

mod chats;
#[cfg(feature = "failpoints")]
mod crash;
mod faults;
mod linking;
mod media;
mod scale;
mod seed;
mod simulate;
