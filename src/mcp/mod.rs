//! MCP server (Model Context Protocol): the agent's tools, articles and transcripts as resources, and prompts, for
//! programs and the models behind them.
//!
//! The same rules as for every other caller: the actors and the store do the work, identity comes from the token alone,
//! every call is in the audit log before it has an effect, and every answer is bounded. `rmcp` speaks the protocol
//! (docs/decisions/0045); nothing here knows HTTP beyond its one request and one response.

mod arguments;
mod caller;
mod calls;
mod errors;
#[cfg(feature = "fakes")]
mod fixtures;
mod handler;
mod prompts;
mod replies;
mod resources;
mod shapes;
mod stdio;
mod tools;
mod transport;

use actix::Recipient;

pub use self::caller::{CallerRights, McpCaller};
#[cfg(feature = "fakes")]
pub use self::fixtures::WithFixtures;
pub use self::handler::McpServer;
pub use self::stdio::serve_stdio;
pub use self::transport::{McpMount, McpRequest, McpResponse, RebindingLimits};

use crate::actors::messages::{AskForPerson, PerformAction, ReviewReply, SearchHelp, TakeIn};
use crate::actors::store::store_handle::StoreHandle;
use crate::crm::port::{Accounts, Histories, Knowledge};

/// What the server calls.
#[derive(Clone, Debug)]
pub struct McpWires {
    pub intake: Recipient<TakeIn>,
    pub search: Recipient<SearchHelp>,
    pub ask_for_person: Recipient<AskForPerson>,
    pub perform: Recipient<PerformAction>,
    pub review_reply: Recipient<ReviewReply>,
    pub histories: StoreHandle<dyn Histories>,
    pub knowledge: StoreHandle<dyn Knowledge>,
    pub accounts: StoreHandle<dyn Accounts>,
}
