//! `Librarian`: searches the documents for the help centre and for programs, by words and meaning as the agent does.

use std::sync::Arc;

use crate::actors::messages::SearchHelp;
use crate::actors::runtime::ask::{Admission, Answer, CallError};
use crate::actors::runtime::supervised::{Work, Worker, WorkerContext};
use crate::actors::store::store_handle::StoreHandle;
use crate::crm::port::Knowledge;
use crate::domain::knowledge::{Audience, Findings};
use crate::knowledge::port::Embedder;
use crate::knowledge::question::{self, VECTOR_TIMEOUT};
use crate::metrics::METRICS;

/// Searches at the same time: they share the embedding model with the turns.
const AT_ONCE: usize = 16;

/// Arguments of a `Librarian`.
pub struct LibrarianArgs {
    pub knowledge: StoreHandle<dyn Knowledge>,
    pub embedder: Option<Arc<dyn Embedder>>,
}

pub struct Librarian {
    knowledge: StoreHandle<dyn Knowledge>,
    embedder: Option<Arc<dyn Embedder>>,
    admission: Admission,
}

impl Worker for Librarian {
    type Args = LibrarianArgs;
    const MAILBOX: usize = 64;

    fn new(args: &LibrarianArgs) -> Self {
        Self {
            knowledge: args.knowledge.clone(),
            embedder: args.embedder.clone(),
            admission: Admission::new(AT_ONCE),
        }
    }
}

impl Work<SearchHelp> for Librarian {
    fn work(&mut self, order: SearchHelp, ctx: &mut WorkerContext<'_, Self>) {
        let SearchHelp { query, limit, audience, reply } = order;
        let Some(permit) = self.admission.admit() else {
            METRICS.refused.with_label_values(&["librarian"]).inc();
            reply.send(Err(CallError::Busy));
            return;
        };
        let reply = reply.holding(permit);
        let found = search(self.knowledge.clone(), self.embedder.clone(), query, limit, audience);
        ctx.perform(found, move |_, found, _| reply.send(found));
    }
}

async fn search(
    knowledge: StoreHandle<dyn Knowledge>,
    embedder: Option<Arc<dyn Embedder>>,
    query: String,
    limit: i64,
    audience: Audience,
) -> Answer<Findings> {
    let (question, lapse) = question::ask(embedder.as_deref(), query, VECTOR_TIMEOUT).await;
    if let Some(error) = lapse {
        METRICS.searches_without_vector.inc();
        tracing::debug!(%error, "searching by words alone");
    }
    knowledge.call(move |knowledge| knowledge.search(question, limit, audience)).await
}
