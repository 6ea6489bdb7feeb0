//! Routes that providers call: each verifies the provider's signature first.

mod whatsapp;

use crate::http::server::endpoint::Endpoint;

pub fn endpoints() -> Vec<Endpoint> {
    whatsapp::endpoints()
}
