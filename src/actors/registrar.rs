//! `Registrar`: mails the codes that were asked for in chats, and joins a chat's customer to that of an address that was
//! proved there. Whether a code is right was decided by a turn, and stands in the records; it only carries that out.
//!
//! A code exists between its making and its letter in memory alone. After a crash another one is made and mailed: the
//! newest one is right.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;
use futures_util::future::join_all;
use secrecy::SecretString;

use super::ask::{Answer, ask};
use super::crm::{Registration, Stir};
use super::rounds::{Go, Rounds};
use super::shell::{Hands, Work, Worker};
use crate::agent::linking::code;
use crate::channels::letters::{CodeLetter, MailCodes, MailError};
use crate::clock;
use crate::crm::port::channels::{Joined, Letter, LetterEnd};
use crate::domain::linking::CodeHash;
use crate::domain::texts::Texts;
use crate::failpoint::{Failpoint, reach};

/// How often it looks without being stirred.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Letters mailed at once.
const AT_ONCE: usize = 8;
/// Customers joined in one round, at most.
const JOINS_AT_MOST: usize = 16;
/// How long a letter is left to one process: longer than mailing it may take.
const LEASE: Duration = Duration::from_secs(30);
/// Between two tries of a letter that could not be mailed; the code would be over soon after the last one.
const PAUSES: [Duration; 3] = [Duration::from_secs(5), Duration::from_secs(30), Duration::from_secs(120)];
const PATIENCE: Duration = Duration::from_secs(20);

/// What a `Registrar` is made from.
pub struct RegistrarSeed {
    pub wires: Rc<RegistrarWires>,
}

/// Whom it asks.
pub struct RegistrarWires {
    pub crm: Recipient<Registration>,
    pub mail: Arc<dyn MailCodes>,
    pub texts: Arc<Texts>,
}

pub struct Registrar {
    wires: Rc<RegistrarWires>,
    rounds: Rounds,
}

impl Worker for Registrar {
    type Seed = RegistrarSeed;
    const MAILBOX: usize = 4;

    fn make(seed: &RegistrarSeed) -> Self {
        Self { wires: Rc::clone(&seed.wires), rounds: Rounds::default() }
    }

    fn started(&mut self, hands: &mut Hands<'_, Self>) {
        tick(hands);
        self.look(hands);
    }
}

fn tick(hands: &mut Hands<'_, Registrar>) {
    hands.after(LOOK_EVERY, |registrar, hands| {
        tick(hands);
        registrar.look(hands);
    });
}

impl Work<Stir> for Registrar {
    fn work(&mut self, _: Stir, hands: &mut Hands<'_, Self>) {
        self.look(hands);
    }
}

impl Registrar {
    fn look(&mut self, hands: &mut Hands<'_, Self>) {
        if self.rounds.ask() == Go::Now {
            self.begin(hands);
        }
    }

    fn begin(&mut self, hands: &mut Hands<'_, Self>) {
        hands.perform(round(Rc::clone(&self.wires)), |registrar, done, hands| {
            if let Err(error) = done {
                tracing::warn!(%error, "could not look for codes to mail and customers to join");
            }
            if registrar.rounds.ended() == Go::Now {
                registrar.begin(hands);
            }
        });
    }
}

async fn round(wires: Rc<RegistrarWires>) -> Answer<()> {
    for _ in 0..JOINS_AT_MOST {
        match ask(&wires.crm, PATIENCE, |reply| Registration::JoinCustomers { reply }).await? {
            Joined::Nothing => break,
            Joined::Joined => {
                reach(Failpoint::RegistrarJoined);
                tracing::info!("a chat was linked to the customer of a proved address");
            }
            Joined::Already | Joined::Waits | Joined::Again => {}
        }
    }
    let codes: Vec<String> = (0..AT_ONCE).map(|_| code::from_random(clock::new_v4())).collect();
    let hashes: Vec<CodeHash> = codes.iter().map(|code| code::hash(clock::new_v4(), code)).collect();
    let claim = |reply| Registration::ClaimLetters { codes: hashes, lease: LEASE, reply };
    let letters = ask(&wires.crm, PATIENCE, claim).await?;
    if !letters.is_empty() {
        reach(Failpoint::RegistrarClaimed);
    }
    join_all(letters.into_iter().map(|letter| mail(&wires, &codes, letter))).await;
    Ok(())
}

async fn mail(wires: &RegistrarWires, codes: &[String], letter: Letter) {
    let Letter { challenge, to, language, attempt, place } = letter;
    let Some(code) = codes.get(place) else {
        tracing::error!(%challenge, place, "a code was claimed that was not made");
        return;
    };
    let code = SecretString::from(code.as_str());
    let mailed = wires.mail.mail(CodeLetter::new(to, &code, &wires.texts, language.as_deref())).await;
    let end = match mailed {
        Ok(()) => {
            reach(Failpoint::RegistrarMailed);
            LetterEnd::Mailed
        }
        Err(error) => {
            tracing::warn!(%challenge, attempt, %error, "could not mail a code");
            after(attempt, &error)
        }
    };
    let settle = |reply| Registration::SettleLetter { challenge, attempt, end, reply };
    if let Err(error) = ask(&wires.crm, PATIENCE, settle).await {
        tracing::warn!(%challenge, %error, "could not record what became of a code; another one is mailed");
    }
}

fn after(attempt: i16, error: &MailError) -> LetterEnd {
    let place = usize::try_from(attempt.max(1) - 1).unwrap_or(0);
    match (error, PAUSES.get(place)) {
        (MailError::Away(_), Some(pause)) => LetterEnd::Later(*pause),
        (MailError::Away(_), None) | (MailError::Refused(_), _) => LetterEnd::GivenUp,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_tried_four_times_while_the_mail_is_away() {
        let away = MailError::Away("closed".to_owned());
        let ends: Vec<LetterEnd> = (1..=4).map(|attempt| after(attempt, &away)).collect();
        let later = |seconds| LetterEnd::Later(Duration::from_secs(seconds));
        assert_eq!(ends, [later(5), later(30), later(120), LetterEnd::GivenUp]);
        assert_eq!(after(1, &MailError::Refused("no such box".to_owned())), LetterEnd::GivenUp);
    }
}
