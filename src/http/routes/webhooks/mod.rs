//! Routes that providers call: each verifies the provider's signature before it reads anything else.

mod whatsapp;

use crate::http::server::endpoint::Endpoint;

pub fn endpoints() -> Vec<Endpoint> {
    whatsapp::endpoints()
}
