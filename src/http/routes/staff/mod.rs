//! Routes for staff and their programs: each needs a principal with the scope that it names, or a session.

mod action_forms;
mod actions;
mod attachments;
mod audit;
mod bulk;
mod bulk_forms;
mod conversations;
mod credentials;
mod customer_files;
mod customer_rights;
mod customers;
mod drafts;
mod events;
mod knowledge;
mod macros;
mod mail_source;
mod members;
mod parked;
mod perform;
mod quality;
mod queue;
mod rearrangements;
mod replays;
mod replies;
mod report_breakdowns;
mod reports;
mod saved_views;
mod session_forms;
mod sessions;
mod side;
mod side_files;
mod suggestions;
mod summaries;
mod tool_forms;
mod webhook_forms;
mod webhooks;

use crate::http::server::endpoint::Endpoint;

pub fn endpoints() -> Vec<Endpoint> {
    let all = [
        sessions::endpoints(),
        credentials::endpoints(),
        members::endpoints(),
        queue::endpoints(),
        conversations::endpoints(),
        actions::endpoints(),
        replays::endpoints(),
        replies::endpoints(),
        bulk::endpoints(),
        rearrangements::endpoints(),
        side::endpoints(),
        side_files::endpoints(),
        saved_views::endpoints(),
        reports::endpoints(),
        report_breakdowns::endpoints(),
        quality::endpoints(),
        events::endpoints(),
        parked::endpoints(),
        drafts::endpoints(),
        macros::endpoints(),
        suggestions::endpoints(),
        summaries::endpoints(),
        knowledge::endpoints(),
        customer_files::endpoints(),
        attachments::endpoints(),
        mail_source::endpoints(),
        customers::endpoints(),
        customer_rights::endpoints(),
        webhooks::endpoints(),
        audit::endpoints(),
    ];
    all.into_iter().flatten().collect()
}
