//! Actors at the edges: they take messages in, send replies, codes, notices and events, and download files.

pub mod courier;
pub mod delivery;
pub mod desk;
pub mod fetcher;
pub mod identity_linker;
pub mod intake;
pub mod reconciler;
pub mod side_courier;
