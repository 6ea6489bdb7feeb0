//! `ReminderMailer`: mails staff of escalations that nobody takes, where the company has a mailbox. Each reminder is a row that
//! is leased, so that several processes mail it once; it is repeated only if a process dies while it mails.

use std::sync::Arc;
use std::time::Duration;

use crate::actors::runtime::ask::Answer;
use crate::actors::runtime::poller::{self, Next, Poll};
use crate::actors::runtime::single_flight::SingleFlight;
use crate::actors::runtime::supervised::{Worker, WorkerContext};
use crate::actors::store::store_handle::StoreHandle;
use crate::channels::staff::mail;
use crate::channels::verification::SendVerificationCode;
use crate::crm::port::Escalations;
use crate::domain::conversations::escalation::ReminderMail;
use crate::domain::conversations::service_levels::ServiceLevels;
use crate::domain::customers::contact::Email;

/// Poll interval; what is mailed has waited for minutes.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Reminders mailed in one round, one after the other.
const AT_ONCE: i64 = 1;

/// Arguments of a `ReminderMailer`.
#[derive(Clone)]
pub struct ReminderMailerArgs {
    pub escalations: StoreHandle<dyn Escalations>,
    pub levels: Arc<ServiceLevels>,
    pub mail: Arc<dyn SendVerificationCode>,
    /// Where the pages are, without a slash at its end.
    pub console: String,
}

pub struct ReminderMailer {
    args: ReminderMailerArgs,
    single_flight: SingleFlight,
}

impl Worker for ReminderMailer {
    type Args = ReminderMailerArgs;
    const MAILBOX: usize = 4;

    fn new(args: &ReminderMailerArgs) -> Self {
        Self { args: args.clone(), single_flight: SingleFlight::default() }
    }

    fn started(&mut self, ctx: &mut WorkerContext<'_, Self>) {
        poller::start(self, ctx);
    }
}

impl Poll for ReminderMailer {
    type Found = usize;
    const FAILURE: &'static str = "could not mail staff a reminder";

    fn every(&self) -> Duration {
        LOOK_EVERY
    }

    fn single_flight(&mut self) -> &mut SingleFlight {
        &mut self.single_flight
    }

    fn round(&mut self) -> impl Future<Output = Answer<usize>> + 'static {
        let args = self.args.clone();
        async move {
            let mails =
                args.escalations.call(|escalations| escalations.lease_reminder_mails(AT_ONCE)).await?;
            let count = mails.len();
            for ReminderMail { notice, to } in mails {
                let notice = args.levels.addressed(notice);
                let (key, escalation) = (notice.key, notice.escalation);
                let mut failures = 0;
                for address in to.iter().filter_map(|address| Email::parse(address).ok()) {
                    if let Err(error) = args.mail.mail(mail::reminder(address, &notice, &args.console)).await
                    {
                        failures += 1;
                        tracing::warn!(%escalation, %error, "could not mail a member of staff a reminder");
                    }
                }
                // Those who got it are not mailed twice because others did not.
                if failures == 0 || failures < to.len() {
                    args.escalations.call(move |escalations| escalations.settle_reminder_mail(key)).await?;
                }
            }
            Ok(count)
        }
    }

    fn found(&mut self, count: usize, _: &mut WorkerContext<'_, Self>) -> Next {
        if count > 0 { Next::Again } else { Next::Wait }
    }
}
