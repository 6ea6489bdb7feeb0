//! Begin of a turn: takes the lease of a conversation, and runs quarantined messages one at a time (PROTOCOL.md 5).

use std::time::{Duration, Instant};

use tokio::sync::SemaphorePermit;

use super::ConversationWires;
use super::phase::{Phase, phase};
use crate::actors::runtime::ask::{Answer, ask};
use crate::actors::store::crm::TurnRequest;
use crate::clock;
use crate::crm::port::BeginTurn;
use crate::domain::conversations::dialogue::Ending;
use crate::domain::conversations::turn::{Begun, PoisonState, TurnContext};
use crate::domain::ids::ConversationId;
use crate::domain::runtime::timing::TIMEOUT;
use crate::failpoint::{Failpoint, reach};

/// Maximum wait of a quarantined message for its serialized turn.
const SERIALIZED_TIMEOUT: Duration = Duration::from_secs(60);

/// A turn of which this process has the lease.
pub(super) struct OwnedTurn<'a> {
    pub context: TurnContext,
    /// The lease holds since then at the latest.
    pub held: Instant,
    /// For a quarantined message, the permit to run as the only one.
    pub serialized: Option<SemaphorePermit<'a>>,
}

/// Begins the turn of a conversation; `Err` is how it ended without one.
///
/// A quarantined message gives its lease up before it waits for the permit, and takes it again with the permit: if the one
/// that runs meanwhile kills the process, this one was not running, and the death is not counted against it.
pub(super) async fn begin(
    wires: &ConversationWires,
    conversation: ConversationId,
) -> Result<OwnedTurn<'_>, Ending> {
    let first = lease(wires, conversation).await?;
    if first.context.poison != PoisonState::Quarantined {
        return Ok(first);
    }
    if let Err(error) = leave(wires, conversation, first.context.epoch).await {
        tracing::warn!(%conversation, %error, "could not leave the turn of a quarantined message");
        return Err(Ending::Failed);
    }
    let permit = tokio::time::timeout(SERIALIZED_TIMEOUT, wires.serialized.acquire()).await;
    let Ok(Ok(permit)) = permit else {
        return Err(Ending::Failed);
    };
    let again = lease(wires, conversation).await?;
    Ok(OwnedTurn { serialized: Some(permit), ..again })
}

/// Gives the lease up, and says that this process lives.
pub(super) async fn leave(wires: &ConversationWires, conversation: ConversationId, epoch: i64) -> Answer<()> {
    let owner = wires.owner;
    wires.turn_store.call(move |turns| turns.leave_turn(conversation, epoch, owner)).await
}

async fn lease(wires: &ConversationWires, conversation: ConversationId) -> Result<OwnedTurn<'_>, Ending> {
    // Taken before the answer is awaited: the process may be stopped meanwhile.
    let held = clock::monotonic();
    match phase(Phase::Begin, ask_for_turn(wires, conversation)).await {
        Ok(Some(mut context)) => {
            context.linking.offer = wires.linking;
            Ok(OwnedTurn { context: *context, held, serialized: None })
        }
        Ok(None) => Err(Ending::Done),
        Err(error) => {
            tracing::warn!(%conversation, %error, "could not begin a turn");
            Err(Ending::Failed)
        }
    }
}

async fn ask_for_turn(
    wires: &ConversationWires,
    conversation: ConversationId,
) -> Answer<Option<Box<TurnContext>>> {
    let wish = BeginTurn { conversation, turn: clock::new_v7().into(), owner: wires.owner };
    match ask(&wires.turns, TIMEOUT, |reply| TurnRequest::Begin(wish, reply)).await? {
        Begun::Idle => Ok(None),
        Begun::Started(context) => {
            reach(Failpoint::TurnBegun);
            Ok(Some(context))
        }
    }
}
