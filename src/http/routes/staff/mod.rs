//! Routes for staff and their programs: each needs a principal with the scope that it names.

mod attachments;
mod conversations;
mod customers;

use crate::http::server::endpoint::Endpoint;

pub fn endpoints() -> Vec<Endpoint> {
    [conversations::endpoints(), attachments::endpoints(), customers::endpoints()]
        .into_iter()
        .flatten()
        .collect()
}
