//! Routes for staff and their programs: each needs a principal with the scope that it names, or a session.

mod attachments;
mod conversations;
mod credentials;
mod customers;
mod mail_source;
mod members;
mod session_forms;
mod sessions;

use crate::http::server::endpoint::Endpoint;

pub fn endpoints() -> Vec<Endpoint> {
    let all = [
        sessions::endpoints(),
        credentials::endpoints(),
        members::endpoints(),
        conversations::endpoints(),
        attachments::endpoints(),
        mail_source::endpoints(),
        customers::endpoints(),
    ];
    all.into_iter().flatten().collect()
}
