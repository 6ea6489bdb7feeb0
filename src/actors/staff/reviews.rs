//! Review of a reply that a program writes for staff: the cited public sections are read, then the agent's output guard
//! decides.

use std::sync::Arc;

use crate::actors::messages::ReplyReview;
use crate::actors::runtime::ask::Answer;
use crate::actors::runtime::off_arbiter::off_arbiter;
use crate::actors::store::store_handle::StoreHandle;
use crate::agent::handbook::Handbook;
use crate::agent::review;
use crate::clock;
use crate::crm::port::{Knowledge, Suggestions};
use crate::domain::console::suggestions::SuggestionStart;
use crate::domain::ids::ConversationId;
use crate::domain::knowledge::{ArticleView, Passage};

/// A section that staff cite has been chosen, not searched.
const CHOSEN: f64 = 1.0;

/// A conversation without a customer's message is none that could be replied in.
pub(super) async fn reviewed(
    (suggestions, knowledge): (StoreHandle<dyn Suggestions>, StoreHandle<dyn Knowledge>),
    handbook: Arc<Handbook>,
    conversation: ConversationId,
    text: String,
    citations: Vec<String>,
) -> Answer<ReplyReview> {
    let turn = clock::new_v7().into();
    let start = suggestions.call(move |store| store.suggestion_context(conversation, turn, None)).await?;
    let context = match start {
        SuggestionStart::From(context) => context,
        SuggestionStart::Nothing => return Ok(ReplyReview::NoConversation),
        SuggestionStart::TicketClosed => return Ok(ReplyReview::TicketClosed),
    };
    let mut passages = Vec::new();
    for id in citations.clone() {
        let article = knowledge.call(move |knowledge| knowledge.article(id)).await?;
        passages.extend(article.map(passage));
    }
    let checked = off_arbiter(move || review(&text, &citations, &passages, &context, &handbook)).await;
    Ok(match checked {
        Ok(reply) => ReplyReview::Sound { text: reply.text, sources: reply.sources },
        Err(objection) => ReplyReview::Objection(objection),
    })
}

fn passage(article: ArticleView) -> Passage {
    let ArticleView { line, text, .. } = article;
    Passage { id: line.id, title: line.title, section: line.section, text, score: CHOSEN }
}
