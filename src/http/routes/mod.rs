//! Route table: the endpoints of the API by audience, one file for each resource.

mod message_page;
mod ops;
mod path_id;
mod programs;
mod public;
mod staff;
mod webhooks;

use super::server::endpoint::Endpoint;

/// Endpoints for one audience.
pub struct RouteGroup {
    pub name: &'static str,
    pub description: &'static str,
    pub endpoints: Vec<Endpoint>,
}

pub fn groups() -> Vec<RouteGroup> {
    vec![
        RouteGroup {
            name: "public",
            description: "Customers submit requests and follow their tickets; monitors check the health.",
            endpoints: public::endpoints(),
        },
        RouteGroup {
            name: "webhooks",
            description: "Providers report messages and deliveries; each request is signed.",
            endpoints: webhooks::endpoints(),
        },
        RouteGroup {
            name: "staff",
            description: "Staff and their programs read conversations and customers.",
            endpoints: staff::endpoints(),
        },
        RouteGroup {
            name: "programs",
            description: "Programs, and the models behind them, use the records by the Model Context Protocol.",
            endpoints: programs::endpoints(),
        },
        RouteGroup {
            name: "ops",
            description: "Operators watch the process and change its limits.",
            endpoints: ops::endpoints(),
        },
    ]
}

pub fn endpoints() -> Vec<Endpoint> {
    groups().into_iter().flat_map(|group| group.endpoints).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::server::endpoint::Access;
    use crate::http::server::principal::AccessScope;

    /// Every route has the access level of its audience; exceptions are listed in this test.
    #[test]
    fn every_group_has_the_access_of_its_audience() {
        for group in groups() {
            assert!(!group.endpoints.is_empty(), "{}", group.name);
            for endpoint in &group.endpoints {
                let fits = match endpoint.access {
                    // Whoever signs in has no session yet.
                    Access::Public => group.name == "public" || endpoint.path == "/staff/session",
                    Access::Signed | Access::Pushed => group.name == "webhooks",
                    Access::Scope(AccessScope::Read | AccessScope::Staff | AccessScope::Ingest) => {
                        group.name == "staff"
                    }
                    Access::Scope(AccessScope::Ops) => group.name == "ops",
                    Access::Either(..) | Access::Session => group.name == "staff",
                    Access::Program => group.name == "programs",
                };
                assert!(fits, "{}: {:?}", endpoint.path, endpoint.access);
            }
        }
    }
}
