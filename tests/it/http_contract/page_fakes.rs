//! Fakes behind tickets' pages and the help centre: one ticket, one article, and the actors that serve them.

use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;
use fte::actors::messages::{
    AskForPerson, EraseCustomer, FirstEvent, Follow, Following, PersonAnswer, ProveAddress, SearchHelp,
};
use fte::actors::store::store_handle::{Bulkhead, StoreHandle};
use fte::crm::port::{
    CrmError, CustomerRights, Knowledge, PageCode, PageState, Rating, RightCode, StoreFuture, TicketPages,
    WebIdentities,
};
use fte::domain::conversations::escalation::{HandOverAnswer, PersonRequest, RequestedHandOver};
use fte::domain::conversations::idle::IdleLimits;
use fte::domain::conversations::live::EventPosition;
use fte::domain::customers::linking::CodeHash;
use fte::domain::customers::rights::{CustomerExport, ErasureReceipt, Retention, RetentionRound};
use fte::domain::customers::web_identity::{OwnTicket, WebIdentity};
use fte::domain::enums::TicketStatus;
use fte::domain::ids::{ChallengeId, CustomerId, EscalationId, MessageId, StaffId, TicketId};
use fte::domain::knowledge::{ArticleLine, ArticleView, Audience, Findings, Passage, Question};
use fte::domain::messages::inquiry::TicketNumber;
use fte::domain::views::{PageFound, PageRequest, RatingView};
use time::OffsetDateTime;
use tokio::sync::mpsc;

use super::reading::ticket_view;
use super::rig::{Backstage, CLOSED, KNOWN, Shelf, ready};

impl TicketPages for Shelf {
    fn page(
        &self,
        id: TicketId,
        _: Option<[u8; 32]>,
        request: PageRequest,
    ) -> StoreFuture<Result<PageFound, CrmError>> {
        let found = match (id.0, request.before) {
            (KNOWN, None) => PageFound::Page(Box::new(ticket_view())),
            (KNOWN, Some(MessageId(_))) => PageFound::UnknownMessage,
            (CLOSED, _) => PageFound::Expired,
            _ => PageFound::NoTicket,
        };
        self.answer(found)
    }

    fn page_state(&self, id: TicketId, _: Option<[u8; 32]>) -> StoreFuture<Result<PageState, CrmError>> {
        ready(match id.0 {
            KNOWN => PageState::Shown,
            CLOSED => PageState::Expired,
            _ => PageState::NoTicket,
        })
    }

    fn rate(&self, _: TicketId, rating: Rating) -> StoreFuture<Result<Option<RatingView>, CrmError>> {
        let Rating { score, comment } = rating;
        ready((score > 1).then_some(RatingView { score, comment, rated_at: OffsetDateTime::UNIX_EPOCH }))
    }

    fn person_request(&self, _: TicketId) -> StoreFuture<Result<Option<PersonRequest>, CrmError>> {
        ready(None)
    }

    fn ask_for_person(&self, _: RequestedHandOver) -> StoreFuture<Result<HandOverAnswer, CrmError>> {
        ready(HandOverAnswer::NoTicket)
    }

    fn end_idle_tickets(&self, _: IdleLimits, _: i64) -> StoreFuture<Result<u64, CrmError>> {
        ready(0)
    }
}

fn line() -> ArticleLine {
    ArticleLine {
        id: "docs.md#passwords".to_owned(),
        title: "Passwords".to_owned(),
        section: "Docs > Passwords".to_owned(),
    }
}

impl Knowledge for Shelf {
    fn search(&self, _: Question, _: i64, _: Audience) -> StoreFuture<Result<Findings, CrmError>> {
        ready(Findings::default())
    }

    fn articles(&self, after: Option<String>, _: i64) -> StoreFuture<Result<Vec<ArticleLine>, CrmError>> {
        ready(after.is_none().then(line).into_iter().collect())
    }

    fn vote(&self, id: String, _: bool) -> StoreFuture<Result<bool, CrmError>> {
        ready([line().id, KNOWN.to_string()].contains(&id))
    }

    fn article(&self, id: String) -> StoreFuture<Result<Option<ArticleView>, CrmError>> {
        let article = ArticleView {
            line: line(),
            text: "Use the link.".to_owned(),
            html: "<p>Use the link.</p>".to_owned(),
            updated_at: OffsetDateTime::UNIX_EPOCH,
        };
        ready([article.line.id.as_str(), &KNOWN.to_string()].contains(&id.as_str()).then_some(article))
    }
}

/// Says hello, and ends the stream.
impl Handler<Follow> for Backstage {
    type Result = ();

    fn handle(&mut self, order: Follow, _: &mut Self::Context) {
        let (_ended, later) = mpsc::channel(1);
        let position = EventPosition { at: 0, snapshot: "1:1:".to_owned() };
        order.reply.send(Ok(Following { first: FirstEvent::Hello(position), later }));
    }
}

/// Everything but the words `warp drive` has an answer.
impl Handler<SearchHelp> for Backstage {
    type Result = ();

    fn handle(&mut self, order: SearchHelp, _: &mut Self::Context) {
        let ArticleLine { id, title, section } = line();
        let passage = Passage { id, title, section, text: "Use the link.".to_owned(), score: 0.5 };
        let relevant = order.query != "warp drive";
        order.reply.send(Ok(Findings { passages: vec![passage], relevant, ..Findings::default() }));
    }
}

impl Handler<AskForPerson> for Backstage {
    type Result = ();

    fn handle(&mut self, order: AskForPerson, _: &mut Self::Context) {
        order.reply.send(Ok(PersonAnswer::Coming {
            escalation: EscalationId(KNOWN),
            status: TicketStatus::Escalated,
            message: MessageId(KNOWN),
            expected_by: OffsetDateTime::UNIX_EPOCH,
        }));
    }
}

/// No account is known.
impl CustomerRights for Shelf {
    fn export(
        &self,
        _: CustomerId,
        _: StaffId,
        _: i64,
    ) -> StoreFuture<Result<Option<CustomerExport>, CrmError>> {
        ready(None)
    }

    fn erase(&self, _: CustomerId, _: StaffId) -> StoreFuture<Result<Option<ErasureReceipt>, CrmError>> {
        ready(None)
    }

    fn retain(&self, _: Retention, _: Duration) -> StoreFuture<Result<Option<RetentionRound>, CrmError>> {
        ready(None)
    }

    fn unused_files(&self, _: i64) -> StoreFuture<Result<Vec<Vec<u8>>, CrmError>> {
        ready(Vec::new())
    }

    fn file_removed(&self, _: Vec<u8>) -> StoreFuture<Result<bool, CrmError>> {
        ready(false)
    }
}

impl Handler<EraseCustomer> for Backstage {
    type Result = ();

    fn handle(&mut self, order: EraseCustomer, _: &mut Self::Context) {
        order.reply.send(Ok(None));
    }
}

/// No address is proved.
impl WebIdentities for Shelf {
    fn request_code(&self, _: PageCode) -> StoreFuture<Result<(), CrmError>> {
        ready(())
    }

    fn try_code(&self, _: ChallengeId) -> StoreFuture<Result<Option<CodeHash>, CrmError>> {
        ready(None)
    }

    fn prove(&self, _: RightCode) -> StoreFuture<Result<Option<WebIdentity>, CrmError>> {
        ready(None)
    }

    fn identity(&self, _: [u8; 32]) -> StoreFuture<Result<Option<WebIdentity>, CrmError>> {
        ready(None)
    }

    fn end(&self, _: [u8; 32]) -> StoreFuture<Result<(), CrmError>> {
        ready(())
    }

    fn tickets(
        &self,
        _: [u8; 32],
        _: Option<TicketNumber>,
        _: i64,
    ) -> StoreFuture<Result<Vec<OwnTicket>, CrmError>> {
        ready(Vec::new())
    }
}

impl Handler<ProveAddress> for Backstage {
    type Result = ();

    fn handle(&mut self, order: ProveAddress, _: &mut Self::Context) {
        order.reply.send(Ok(None));
    }
}

/// A handle to the same fake, as another aggregate.
pub fn handle<S: ?Sized + Send + Sync + 'static>(shelf: Arc<S>) -> StoreHandle<S> {
    Bulkhead::new(tokio::runtime::Handle::current()).handle(&shelf)
}
