//! Routes that providers call: each verifies the provider's signature first.

mod gmail;
mod whatsapp;

use crate::http::server::endpoint::Endpoint;

pub fn endpoints() -> Vec<Endpoint> {
    [gmail::endpoints(), whatsapp::endpoints()].into_iter().flatten().collect()
}
