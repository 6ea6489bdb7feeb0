//! `AddressProver`: verifies codes that customers type on a page, and opens a session for a right one. A wrong code, one
//! that is over and one of an address that nobody has get the same answer.

use secrecy::{ExposeSecret, SecretString};

use crate::accounts::secret;
use crate::actors::messages::{ProveAddress, ProvedBrowser};
use crate::actors::runtime::ask::{Admission, Answer, CallError};
use crate::actors::runtime::supervised::{Work, Worker, WorkerContext};
use crate::actors::store::store_handle::StoreHandle;
use crate::agent::linking::code;
use crate::crm::port::{RightCode, WebIdentities};
use crate::domain::ids::{ChallengeId, TicketId};
use crate::metrics::METRICS;

/// Codes verified at once.
const AT_ONCE: usize = 16;

/// Arguments of an `AddressProver`.
pub struct AddressProverArgs {
    pub identities: StoreHandle<dyn WebIdentities>,
}

pub struct AddressProver {
    identities: StoreHandle<dyn WebIdentities>,
    admission: Admission,
}

impl Worker for AddressProver {
    type Args = AddressProverArgs;
    const MAILBOX: usize = 64;

    fn new(args: &AddressProverArgs) -> Self {
        Self { identities: args.identities.clone(), admission: Admission::new(AT_ONCE) }
    }
}

impl Work<ProveAddress> for AddressProver {
    fn work(&mut self, order: ProveAddress, ctx: &mut WorkerContext<'_, Self>) {
        let ProveAddress { challenge, code, ticket, reply } = order;
        let Some(permit) = self.admission.admit() else {
            METRICS.refused.with_label_values(&["address_prover"]).inc();
            reply.send(Err(CallError::Busy));
            return;
        };
        let reply = reply.holding(permit);
        let proved = prove(self.identities.clone(), challenge, code, ticket);
        ctx.perform(proved, move |_, proved, _| reply.send(proved));
    }
}

async fn prove(
    identities: StoreHandle<dyn WebIdentities>,
    challenge: ChallengeId,
    typed: SecretString,
    ticket: Option<TicketId>,
) -> Answer<Option<ProvedBrowser>> {
    let kept = identities.call(move |identities| identities.try_code(challenge)).await?;
    if !kept.is_some_and(|kept| code::fits(kept, typed.expose_secret())) {
        return Ok(None);
    }
    let session = secret::new_session();
    let right = RightCode { challenge, session: secret::digest(session.expose_secret()), ticket };
    let identity = identities.call(move |identities| identities.prove(right)).await?;
    Ok(identity.map(|identity| ProvedBrowser { identity, session }))
}
