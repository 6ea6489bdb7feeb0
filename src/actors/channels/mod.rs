//! Actors at the edges: they take messages in, send replies, codes and notices, and download files.

pub mod delivery;
pub mod desk;
pub mod fetcher;
pub mod identity_linker;
pub mod intake;
pub mod reconciler;
pub mod side_courier;
