//! Wiring of the MCP server to the actors, and of the names under which it may be addressed.

use std::num::NonZeroU32;

use actix_web::http::Uri;

use crate::actors::supervisor::Endpoints;
use crate::config::Config;
use crate::http::McpSettings;
use crate::mcp::{McpMount, McpServer, McpWires, RebindingLimits};

/// The loopback names.
const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

pub fn wires(endpoints: &Endpoints) -> McpWires {
    McpWires {
        intake: endpoints.web_form.clone(),
        search: endpoints.pages.search_help.clone(),
        ask_for_person: endpoints.pages.ask_for_person.clone(),
        perform: endpoints.pages.perform.clone(),
        review_reply: endpoints.pages.review_reply.clone(),
        histories: endpoints.pages.stores.histories.clone(),
        knowledge: endpoints.pages.stores.knowledge.clone(),
        accounts: endpoints.pages.stores.accounts.clone(),
    }
}

/// `urls` are those by which the server is reached.
pub fn settings(config: &Config, endpoints: &Endpoints, urls: [&str; 2]) -> McpSettings {
    McpSettings {
        mount: mount(config, McpServer::of_requests(wires(endpoints)), limits(config, urls)),
        rate_per_minute: config.mcp.rate_per_minute.and_then(NonZeroU32::new),
    }
}

#[cfg(not(feature = "fakes"))]
fn mount(_: &Config, server: McpServer, limits: RebindingLimits) -> McpMount {
    McpMount::new(server, limits)
}

/// With the fixtures of the conformance suite, if they are wanted.
#[cfg(feature = "fakes")]
fn mount(config: &Config, server: McpServer, limits: RebindingLimits) -> McpMount {
    if config.mcp.fixtures {
        McpMount::new(crate::mcp::WithFixtures(server), limits)
    } else {
        McpMount::new(server, limits)
    }
}

/// Its own hosts and origins, those of the configuration, and this machine.
fn limits(config: &Config, urls: [&str; 2]) -> RebindingLimits {
    let own: Vec<Uri> = urls.into_iter().filter_map(|url| url.parse().ok()).collect();
    let hosts = own.iter().filter_map(Uri::host).chain(LOOPBACK).map(str::to_owned);
    let origins = own.iter().filter_map(|uri| Some(format!("{}://{}", uri.scheme_str()?, uri.authority()?)));
    RebindingLimits {
        hosts: hosts.chain(config.mcp.allowed_hosts.iter().cloned()).collect(),
        origins: origins.chain(config.http.cors_origins.iter().cloned()).collect(),
    }
}
