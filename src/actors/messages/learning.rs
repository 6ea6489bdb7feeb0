//! Messages to the actors that learn from resolved tickets.

use actix::Message;

use crate::actors::runtime::ask::Reply;
use crate::domain::console::actions::RequestKey;
use crate::domain::ids::{ProposalId, StaffId};
use crate::domain::learning::proposals::ProposalAnswer;
use crate::domain::learning::runs::RunOrder;

/// To `Curator`: put new questions into their groups. Answered once they are, or as many as one round takes.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct GroupQuestions {
    pub reply: Reply<()>,
}

/// To `Curator`: publish a proposal. Answered after the commit.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct ApproveProposal {
    pub decision: ProposalDecision,
    pub reply: Reply<ProposalAnswer>,
}

/// A person's decision to publish a proposal.
#[derive(Clone, Debug)]
pub struct ProposalDecision {
    pub id: ProposalId,
    pub by: StaffId,
    /// Without a run.
    pub force: bool,
    pub key: Option<RequestKey>,
}

/// To `Rehearser`: ask past questions again with a proposal. Answered once the run is noted.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct StartRun {
    pub order: RunOrder,
    pub reply: Reply<ProposalAnswer>,
}
