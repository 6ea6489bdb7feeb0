//! `IdentityLinker`: mails requested verification codes, and joins a chat's customer with the customer of an address
//! that was proved in it. The turn has verified the code and stored the result; this actor only carries it out.
//!
//! A code exists in memory alone until it is mailed. After a crash another one is generated and mailed; the newest code
//! is the valid one.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use secrecy::SecretString;

use crate::actors::runtime::ask::Answer;
use crate::actors::runtime::poller::{self, Next, Poll};
use crate::actors::runtime::single_flight::SingleFlight;
use crate::actors::runtime::supervised::{Worker, WorkerContext};
use crate::actors::store::store_handle::StoreHandle;
use crate::agent::linking::code;
use crate::channels::verification::{MailError, SendVerificationCode, VerificationMail};
use crate::clock;
use crate::crm::port::{ClaimedVerification, Joined, Verification, VerificationMailOutcome};
use crate::domain::customers::linking::CodeHash;
use crate::domain::runtime::backoff::Backoff;
use crate::domain::wording::texts::Texts;
use crate::failpoint::{Failpoint, reach};

/// Poll interval without a wake-up.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Mails sent at once.
const AT_ONCE: usize = 8;
/// Maximum customers joined in one round.
const MAX_JOINS: usize = 16;
/// Lease of a mail: longer than sending it may take.
const LEASE: Duration = Duration::from_secs(30);
/// Attempts to mail a code while the mail server is down.
const TRIES: i16 = 4;
/// Pause between two attempts; the code expires soon after the last one.
const BACKOFF: Backoff =
    Backoff { first: Duration::from_secs(5), factor: 6, longest: Duration::from_secs(120) };

/// Arguments of an `IdentityLinker`.
pub struct IdentityLinkerArgs {
    pub wires: Rc<IdentityLinkerWires>,
}

/// Its dependencies.
pub struct IdentityLinkerWires {
    pub verification: StoreHandle<dyn Verification>,
    pub mail: Arc<dyn SendVerificationCode>,
    pub texts: Arc<Texts>,
}

pub struct IdentityLinker {
    wires: Rc<IdentityLinkerWires>,
    single_flight: SingleFlight,
}

impl Worker for IdentityLinker {
    type Args = IdentityLinkerArgs;
    const MAILBOX: usize = 4;

    fn new(args: &IdentityLinkerArgs) -> Self {
        Self { wires: Rc::clone(&args.wires), single_flight: SingleFlight::default() }
    }

    fn started(&mut self, ctx: &mut WorkerContext<'_, Self>) {
        poller::start(self, ctx);
    }
}

impl Poll for IdentityLinker {
    type Found = ();
    const FAILURE: &'static str = "could not look for codes to mail and customers to join";

    fn every(&self) -> Duration {
        LOOK_EVERY
    }

    fn single_flight(&mut self) -> &mut SingleFlight {
        &mut self.single_flight
    }

    fn round(&mut self) -> impl Future<Output = Answer<()>> + 'static {
        round(Rc::clone(&self.wires))
    }

    fn found(&mut self, (): (), _: &mut WorkerContext<'_, Self>) -> Next {
        Next::Wait
    }
}

async fn round(wires: Rc<IdentityLinkerWires>) -> Answer<()> {
    for _ in 0..MAX_JOINS {
        match wires.verification.call(|verification| verification.join_customers()).await? {
            Joined::Nothing => break,
            Joined::Joined => {
                reach(Failpoint::IdentityLinkerJoined);
                tracing::info!("a chat was linked to the customer of a proved address");
            }
            Joined::Already | Joined::Waits | Joined::Again => {}
        }
    }
    let codes: Vec<String> = (0..AT_ONCE).map(|_| code::from_random(clock::new_v4())).collect();
    let hashes: Vec<CodeHash> = codes.iter().map(|code| code::hash(clock::new_v4(), code)).collect();
    let leased = wires.verification.call(|verification| verification.lease_verification_mails(hashes, LEASE));
    let leased_mails = leased.await?;
    if !leased_mails.is_empty() {
        reach(Failpoint::IdentityLinkerLeased);
    }
    join_all(leased_mails.into_iter().map(|mailed| mail(&wires, &codes, mailed))).await;
    Ok(())
}

async fn mail(wires: &IdentityLinkerWires, codes: &[String], claimed: ClaimedVerification) {
    let ClaimedVerification { challenge, to, language, attempt, typed_in, place } = claimed;
    let Some(code) = codes.get(place) else {
        tracing::error!(%challenge, place, "a code was leased that was not made");
        return;
    };
    let code = SecretString::from(code.as_str());
    let mail = VerificationMail::new(to, &code, typed_in, &wires.texts, language.as_deref());
    let mailed = wires.mail.mail(mail).await;
    let end = match mailed {
        Ok(()) => {
            reach(Failpoint::IdentityLinkerMailed);
            VerificationMailOutcome::Mailed
        }
        Err(error) => {
            tracing::warn!(%challenge, attempt, %error, "could not mail a code");
            after(attempt, &error)
        }
    };
    let settle =
        wires.verification.call(move |mails| mails.settle_verification_mail(challenge, attempt, end));
    if let Err(error) = settle.await {
        tracing::warn!(%challenge, %error, "could not record what became of a code; another one is mailed");
    }
}

fn after(attempt: i16, error: &MailError) -> VerificationMailOutcome {
    match error {
        MailError::Unavailable(_) if attempt < TRIES => {
            VerificationMailOutcome::Later(BACKOFF.pause(u32::try_from(attempt).unwrap_or(0)))
        }
        MailError::Unavailable(_) | MailError::Refused(_) => VerificationMailOutcome::GivenUp,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_tried_four_times_while_the_mail_is_away() {
        let unavailable = MailError::Unavailable("closed".to_owned());
        let ends: Vec<VerificationMailOutcome> =
            (1..=4).map(|attempt| after(attempt, &unavailable)).collect();
        let later = |seconds| VerificationMailOutcome::Later(Duration::from_secs(seconds));
        assert_eq!(ends, [later(5), later(30), later(120), VerificationMailOutcome::GivenUp]);
        assert_eq!(after(1, &MailError::Refused("no such box".to_owned())), VerificationMailOutcome::GivenUp);
    }
}
