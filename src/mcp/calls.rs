//! Tool calls in three steps: decide whether the caller may make this call, write that to the audit log, perform it. A
//! call that could not be audited is not made.

use std::time::Duration;

use actix::Recipient;
use rmcp::model::JsonObject;
use serde_json::{Value, json};

use super::McpWires;
use super::arguments::{self, EscalationArguments, ReplyArguments, SearchArguments};
use super::caller::{CallerRights, McpCaller};
use super::errors::ToolError;
use super::shapes;
use super::tools::McpTool;
use crate::actors::messages::{AskForPerson, PersonAnswer, SearchHelp, TakeIn};
use crate::actors::runtime::ask::{Answer, CallError, Reply, ask};
use crate::actors::store::store_handle::StoreHandle;
use crate::channels::port::fresh_ids;
use crate::channels::web_form::{Requester, program_request};
use crate::clock;
use crate::crm::port::{CrmError, StoreFuture};
use crate::domain::accounts::AuditEntry;
use crate::domain::conversations::escalation::HandOverWish;
use crate::domain::history::{ConversationOwner, History, HistoryLimits, HistoryOf};
use crate::domain::ids::{ConversationId, CustomerId};
use crate::domain::knowledge::Audience;
use crate::domain::messages::inquiry::{Freshness, Inquiry, Receipt, Stored};

/// Time-out of an actor's answer; longer than a search with its vector.
pub(super) const ACTOR_TIMEOUT: Duration = Duration::from_secs(10);
/// Time-out of a read.
const READ_TIMEOUT: Duration = Duration::from_secs(5);
/// One answer holds at most this: it becomes part of a model's context.
pub const LIMITS: HistoryLimits = HistoryLimits { conversations: 10, messages: 50, bytes: 192 * 1024 };

/// A call that the caller may make, with everything it needs.
#[derive(Debug)]
enum PlannedCall {
    Search(SearchArguments, Audience),
    History(HistoryOf),
    CreateTicket(Box<Inquiry>),
    ShowTicket(ConversationOwner),
    Escalate(ConversationOwner, HandOverWish),
    Reply(ReplyArguments),
}

/// What a call is about, for the audit log.
pub(super) struct CallSubject {
    pub kind: &'static str,
    pub id: String,
    /// Only one that the caller may see.
    pub conversation: Option<ConversationId>,
}

impl CallSubject {
    fn knowledge() -> Self {
        Self { kind: "knowledge", id: String::new(), conversation: None }
    }

    pub(super) fn conversation(id: ConversationId, is_shown: bool) -> Self {
        Self { kind: "conversation", id: id.to_string(), conversation: is_shown.then_some(id) }
    }

    fn customer(id: Option<CustomerId>) -> Self {
        Self { kind: "customer", id: id.map(|id| id.to_string()).unwrap_or_default(), conversation: None }
    }
}

impl McpWires {
    pub(super) async fn call_tool(
        &self,
        caller: &McpCaller,
        tool: McpTool,
        arguments: Option<JsonObject>,
    ) -> Result<Value, ToolError> {
        let (subject, planned) = if tool.is_open_to(caller.rights) {
            self.plan(caller, tool, arguments).await
        } else {
            let refusal = ToolError::forbidden("This needs a token with the scope `staff`.");
            (CallSubject::customer(None), Err(refusal))
        };
        self.audit(caller, tool.as_str(), subject, planned.as_ref().err()).await?;
        self.perform(caller, planned?).await
    }

    /// Writes to the audit log what the caller wants, and whether it is refused.
    pub(super) async fn audit(
        &self,
        caller: &McpCaller,
        action: &str,
        subject: CallSubject,
        refusal: Option<&ToolError>,
    ) -> Result<(), ToolError> {
        let entry = AuditEntry {
            actor: caller.acts_as,
            action: format!("mcp.{action}"),
            subject: (subject.kind, subject.id),
            conversation: subject.conversation,
            customer: caller.customer(),
            outcome: refusal.map_or("allowed", |refusal| refusal.code),
        };
        Ok(self.accounts.call_within(READ_TIMEOUT, move |accounts| accounts.audit(entry)).await?)
    }

    async fn plan(
        &self,
        caller: &McpCaller,
        tool: McpTool,
        arguments: Option<JsonObject>,
    ) -> (CallSubject, Result<PlannedCall, ToolError>) {
        match tool {
            McpTool::SearchKnowledgeBase => (CallSubject::knowledge(), search(caller, arguments)),
            McpTool::GetCustomerHistory => self.plan_history(caller, arguments).await,
            McpTool::CreateTicket => self.plan_ticket(caller, arguments).await,
            McpTool::EscalateToHuman => self.plan_escalation(caller, arguments).await,
            McpTool::SendResponse => self.plan_reply(caller, arguments).await,
        }
    }

    async fn plan_history(
        &self,
        caller: &McpCaller,
        arguments: Option<JsonObject>,
    ) -> (CallSubject, Result<PlannedCall, ToolError>) {
        let named = match caller.rights {
            CallerRights::Customer(_) => arguments::any_conversation(arguments),
            CallerRights::Reader | CallerRights::Staff => arguments::conversation(arguments).map(Some),
        };
        let conversation = match (named, caller.customer()) {
            (Err(error), customer) => return (CallSubject::customer(customer), Err(error)),
            (Ok(Some(conversation)), _) => conversation,
            (Ok(None), customer) => {
                let all = customer.ok_or_else(ToolError::no_conversation);
                let all =
                    all.map(|customer| PlannedCall::History(HistoryOf::Customer { customer, only: None }));
                return (CallSubject::customer(customer), all);
            }
        };
        let owner = self.owner(caller, conversation).await;
        let subject = CallSubject::conversation(conversation, owner.is_ok());
        (subject, owner.map(|_| PlannedCall::History(history_of(caller, conversation))))
    }

    async fn plan_ticket(
        &self,
        caller: &McpCaller,
        arguments: Option<JsonObject>,
    ) -> (CallSubject, Result<PlannedCall, ToolError>) {
        if let Some(customer) = caller.customer() {
            let inquiry = self.inquiry(customer, arguments).await;
            let planned = inquiry.map(|inquiry| PlannedCall::CreateTicket(Box::new(inquiry)));
            return (CallSubject::customer(Some(customer)), planned);
        }
        match arguments::conversation(arguments) {
            Err(error) => (CallSubject::customer(None), Err(error)),
            Ok(conversation) => {
                let owner = self.owner(caller, conversation).await;
                (CallSubject::conversation(conversation, owner.is_ok()), owner.map(PlannedCall::ShowTicket))
            }
        }
    }

    async fn inquiry(
        &self,
        customer: CustomerId,
        arguments: Option<JsonObject>,
    ) -> Result<Inquiry, ToolError> {
        let contact = twice(&self.histories, move |histories| histories.contact(customer)).await?;
        let gone = || ToolError::new("not_found", "The customer of this token has no address any more.");
        let requester = Requester { customer, contact: contact.ok_or_else(gone)?, day: clock::now().date() };
        Ok(program_request(&arguments::bytes(arguments), &requester, fresh_ids())?)
    }

    async fn plan_escalation(
        &self,
        caller: &McpCaller,
        arguments: Option<JsonObject>,
    ) -> (CallSubject, Result<PlannedCall, ToolError>) {
        match arguments::escalation(arguments) {
            Err(error) => (CallSubject::customer(caller.customer()), Err(error)),
            Ok(EscalationArguments { conversation, wish }) => {
                let owner = self.owner(caller, conversation).await;
                let subject = CallSubject::conversation(conversation, owner.is_ok());
                (subject, owner.map(|owner| PlannedCall::Escalate(owner, wish)))
            }
        }
    }

    async fn plan_reply(
        &self,
        caller: &McpCaller,
        arguments: Option<JsonObject>,
    ) -> (CallSubject, Result<PlannedCall, ToolError>) {
        match arguments::reply(arguments) {
            Err(error) => (CallSubject::customer(None), Err(error)),
            Ok(arguments) => {
                let owner = self.owner(caller, arguments.conversation).await;
                let subject = CallSubject::conversation(arguments.conversation, owner.is_ok());
                (subject, owner.map(|_| PlannedCall::Reply(arguments)))
            }
        }
    }

    /// Whose the conversation is, if the caller may see it. A customer learns nothing of others' conversations.
    pub(super) async fn owner(
        &self,
        caller: &McpCaller,
        conversation: ConversationId,
    ) -> Result<ConversationOwner, ToolError> {
        let owner = twice(&self.histories, move |histories| histories.owner(conversation)).await?;
        let is_theirs = |owner: &ConversationOwner| caller.customer().is_none_or(|own| own == owner.customer);
        let owner = owner.filter(is_theirs).ok_or_else(ToolError::no_conversation)?;
        Ok(match caller.customer() {
            Some(_) => owner.for_customer(),
            None => owner,
        })
    }

    /// The conversation and what may be shown with it.
    pub(super) async fn history(&self, of: HistoryOf) -> Result<History, ToolError> {
        let found = twice(&self.histories, move |histories| histories.history(of, LIMITS)).await?;
        found.ok_or_else(ToolError::no_conversation)
    }

    async fn perform(&self, caller: &McpCaller, call: PlannedCall) -> Result<Value, ToolError> {
        match call {
            PlannedCall::Search(SearchArguments { query, limit }, audience) => {
                let search =
                    |reply| SearchHelp { query: query.clone(), limit: limit.into(), audience, reply };
                Ok(shapes::findings(&query, &ask_twice(&self.search, search).await?))
            }
            PlannedCall::History(of) => Ok(shapes::history(&self.history(of).await?)),
            PlannedCall::CreateTicket(inquiry) => self.create_ticket(*inquiry).await,
            PlannedCall::ShowTicket(owner) => {
                Ok(json!({"ticket_id": owner.ticket, "status": owner.status, "created": false}))
            }
            PlannedCall::Escalate(owner, wish) => self.escalate(&owner, &wish).await,
            PlannedCall::Reply(arguments) => self.reply(caller, arguments).await,
        }
    }

    async fn create_ticket(&self, inquiry: Inquiry) -> Result<Value, ToolError> {
        let store = |reply| TakeIn { inquiry: inquiry.clone(), reply };
        match ask_twice(&self.intake, store).await? {
            Stored::Accepted(Receipt { ticket, status, freshness: Freshness::New, .. }) => {
                Ok(json!({"ticket_id": ticket, "status": status, "created": true}))
            }
            Stored::Accepted(Receipt {
                ticket,
                conversation,
                status,
                freshness: Freshness::Repeated,
                ..
            }) => {
                let owner = twice(&self.histories, move |histories| histories.owner(conversation)).await?;
                let status = owner.map_or(status, |owner| owner.shown_status);
                Ok(json!({"ticket_id": ticket, "status": status, "created": false}))
            }
            Stored::Conflict | Stored::NoTicket | Stored::TicketClosed | Stored::TicketFull => {
                tracing::error!("a program's request was taken for another one");
                Err(ToolError::new("failed", "Something went wrong on our side."))
            }
        }
    }

    async fn escalate(&self, owner: &ConversationOwner, wish: &HandOverWish) -> Result<Value, ToolError> {
        let ask = |reply| AskForPerson { ticket: owner.ticket, wish: wish.clone(), reply };
        match ask_twice(&self.ask_for_person, ask).await? {
            PersonAnswer::Coming { escalation, status, .. } => {
                Ok(json!({"escalation_id": escalation, "status": status}))
            }
            PersonAnswer::NoTicket => Err(ToolError::no_conversation()),
            PersonAnswer::TicketClosed => Err(ToolError::ticket_closed()),
        }
    }
}

fn search(caller: &McpCaller, arguments: Option<JsonObject>) -> Result<PlannedCall, ToolError> {
    let audience = match caller.rights {
        CallerRights::Customer(_) => Audience::Customers,
        CallerRights::Reader | CallerRights::Staff => Audience::Staff,
    };
    arguments::search(arguments).map(|arguments| PlannedCall::Search(arguments, audience))
}

/// A customer's own conversation; for staff also those that belong with it.
pub(super) fn history_of(caller: &McpCaller, conversation: ConversationId) -> HistoryOf {
    match caller.rights {
        CallerRights::Customer(customer) => HistoryOf::Customer { customer, only: Some(conversation) },
        CallerRights::Reader | CallerRights::Staff => HistoryOf::Conversation(conversation),
    }
}

/// Asks an actor, and once more if it has lost the question: every question here has the same effect twice.
pub(super) async fn ask_twice<M, T>(actor: &Recipient<M>, message: impl Fn(Reply<T>) -> M) -> Answer<T>
where
    M: actix::Message<Result = ()> + Send,
{
    match ask(actor, ACTOR_TIMEOUT, &message).await {
        Err(CallError::Closed) => ask(actor, ACTOR_TIMEOUT, &message).await,
        answer => answer,
    }
}

/// The same for a read of the store.
pub(super) async fn twice<S: ?Sized + Send + Sync + 'static, T: Send + 'static>(
    store: &StoreHandle<S>,
    question: impl FnOnce(&S) -> StoreFuture<Result<T, CrmError>> + Clone + Send + 'static,
) -> Answer<T> {
    match store.call_within(READ_TIMEOUT, question.clone()).await {
        Err(CallError::Closed) => store.call_within(READ_TIMEOUT, question).await,
        answer => answer,
    }
}
