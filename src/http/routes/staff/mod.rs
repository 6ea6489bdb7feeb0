//! Routes for staff and their programs: each needs a principal with the scope that it names, or a session.

mod attachments;
mod conversations;
mod customer_rights;
mod customers;
mod members;
mod second_factor;
mod session_forms;
mod sessions;

use crate::http::server::endpoint::Endpoint;

pub fn endpoints() -> Vec<Endpoint> {
    let all = [
        sessions::endpoints(),
        second_factor::endpoints(),
        members::endpoints(),
        conversations::endpoints(),
        attachments::endpoints(),
        customers::endpoints(),
        customer_rights::endpoints(),
    ];
    all.into_iter().flatten().collect()
}
