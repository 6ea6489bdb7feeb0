//! When a conversation takes its next turn: bursts are joined, one turn runs at a time, failures are tried again.
//!
//! A pure machine; the `Conversation` actor performs its effects. It knows nothing of what a turn does.

use std::time::{Duration, Instant};

use crate::domain::runtime::backoff::Backoff;

/// The longest that a burst of messages holds a turn back (PROTOCOL.md 4.4).
const MAX_QUIET: Duration = Duration::from_secs(6);
/// Between two tries of a turn that could not run.
const RETRY: Backoff = Backoff::doubling(Duration::from_millis(200), Duration::from_secs(5));

/// What a conversation is waiting for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum DialoguePhase {
    /// Nothing.
    Resting,
    /// The end of a burst, or of a pause after a failure.
    Holding {
        since: Instant,
        until: Instant,
    },
    /// Its place among the turns that run at once.
    Queued,
    Running {
        arrived_meanwhile: bool,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DialogueEvent {
    /// A message arrived, or a wake-up says that one waits.
    Arrived {
        at: Instant,
    },
    /// A time that was asked for has come.
    Woke {
        at: Instant,
    },
    /// The turn may run.
    Granted,
    Ended {
        how: Ending,
        at: Instant,
    },
}

/// How a turn ended, as far as the next one is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Nothing is left to do here: answered, or owned by another process or by staff.
    Done,
    /// Newer messages wait already.
    MoreWaits,
    /// It could not run, through no fault of the message: try again.
    Failed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DialogueEffect {
    WakeIn(Duration),
    AskForTurn,
    Run,
    /// Nothing waits: the conversation may be put to rest.
    Rest,
    Nothing,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialogue {
    phase: DialoguePhase,
    /// How long a channel waits for the next message of a burst.
    quiet: Duration,
    failures: u32,
}

impl Dialogue {
    pub fn new(quiet: Duration) -> Self {
        Self { phase: DialoguePhase::Resting, quiet, failures: 0 }
    }

    pub fn is_resting(&self) -> bool {
        self.phase == DialoguePhase::Resting
    }

    pub fn on(&mut self, event: DialogueEvent) -> DialogueEffect {
        match event {
            DialogueEvent::Arrived { at } => self.arrived(at),
            DialogueEvent::Woke { at } => self.woke(at),
            DialogueEvent::Granted => self.granted(),
            DialogueEvent::Ended { how, at } => self.ended(how, at),
        }
    }

    fn arrived(&mut self, at: Instant) -> DialogueEffect {
        match &mut self.phase {
            DialoguePhase::Resting if self.quiet.is_zero() => self.queue(),
            DialoguePhase::Resting => self.hold(at, self.quiet),
            DialoguePhase::Holding { since, until } => {
                *until = (*until).max((at + self.quiet).min(*since + MAX_QUIET));
                DialogueEffect::Nothing
            }
            DialoguePhase::Queued => DialogueEffect::Nothing,
            DialoguePhase::Running { arrived_meanwhile } => {
                *arrived_meanwhile = true;
                DialogueEffect::Nothing
            }
        }
    }

    fn woke(&mut self, at: Instant) -> DialogueEffect {
        match self.phase {
            DialoguePhase::Holding { until, .. } if at >= until => self.queue(),
            DialoguePhase::Holding { until, .. } => DialogueEffect::WakeIn(until - at),
            DialoguePhase::Resting | DialoguePhase::Queued | DialoguePhase::Running { .. } => {
                DialogueEffect::Nothing
            }
        }
    }

    fn granted(&mut self) -> DialogueEffect {
        match self.phase {
            DialoguePhase::Queued => {
                self.phase = DialoguePhase::Running { arrived_meanwhile: false };
                DialogueEffect::Run
            }
            DialoguePhase::Resting | DialoguePhase::Holding { .. } | DialoguePhase::Running { .. } => {
                DialogueEffect::Nothing
            }
        }
    }

    fn ended(&mut self, how: Ending, at: Instant) -> DialogueEffect {
        let DialoguePhase::Running { arrived_meanwhile } = self.phase else {
            return DialogueEffect::Nothing;
        };
        self.phase = DialoguePhase::Resting;
        match how {
            Ending::Failed => {
                self.failures = self.failures.saturating_add(1);
                self.hold(at, RETRY.pause(self.failures))
            }
            Ending::Done | Ending::MoreWaits => {
                self.failures = 0;
                if arrived_meanwhile || how == Ending::MoreWaits {
                    self.arrived(at)
                } else {
                    DialogueEffect::Rest
                }
            }
        }
    }

    fn queue(&mut self) -> DialogueEffect {
        self.phase = DialoguePhase::Queued;
        DialogueEffect::AskForTurn
    }

    fn hold(&mut self, at: Instant, pause: Duration) -> DialogueEffect {
        self.phase = DialoguePhase::Holding { since: at, until: at + pause };
        DialogueEffect::WakeIn(pause)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[expect(clippy::disallowed_methods, reason = "any instant will do")]
    fn some_instant() -> Instant {
        Instant::now()
    }

    fn seconds(n: f64) -> Duration {
        Duration::from_secs_f64(n)
    }

    #[test]
    fn a_message_on_a_channel_without_quiet_period_asks_for_a_turn_at_once() {
        let mut dialogue = Dialogue::new(Duration::ZERO);
        assert_eq!(dialogue.on(DialogueEvent::Arrived { at: some_instant() }), DialogueEffect::AskForTurn);
        assert_eq!(dialogue.on(DialogueEvent::Granted), DialogueEffect::Run);
    }

    #[test]
    fn max_a_burst_is_joined_but_holds_the_turn_back_six_seconds() {
        let start = some_instant();
        let mut dialogue = Dialogue::new(seconds(1.5));
        assert_eq!(dialogue.on(DialogueEvent::Arrived { at: start }), DialogueEffect::WakeIn(seconds(1.5)));
        for n in 1..10 {
            let at = start + seconds(f64::from(n));
            assert_eq!(dialogue.on(DialogueEvent::Arrived { at }), DialogueEffect::Nothing, "message {n}");
        }
        assert_eq!(
            dialogue.on(DialogueEvent::Woke { at: start + seconds(1.5) }),
            DialogueEffect::WakeIn(seconds(4.5))
        );
        assert_eq!(dialogue.on(DialogueEvent::Woke { at: start + seconds(6.0) }), DialogueEffect::AskForTurn);
    }

    #[test]
    fn a_message_during_a_turn_gets_the_next_one() {
        let at = some_instant();
        let mut dialogue = Dialogue::new(Duration::ZERO);
        dialogue.on(DialogueEvent::Arrived { at });
        dialogue.on(DialogueEvent::Granted);
        assert_eq!(dialogue.on(DialogueEvent::Arrived { at }), DialogueEffect::Nothing);
        assert_eq!(dialogue.on(DialogueEvent::Ended { how: Ending::Done, at }), DialogueEffect::AskForTurn);
        dialogue.on(DialogueEvent::Granted);
        assert_eq!(dialogue.on(DialogueEvent::Ended { how: Ending::Done, at }), DialogueEffect::Rest);
    }

    #[test]
    fn a_failed_turn_is_tried_again_after_growing_pauses() {
        let at = some_instant();
        let mut dialogue = Dialogue::new(Duration::ZERO);
        dialogue.on(DialogueEvent::Arrived { at });
        let mut pauses = vec![];
        for _ in 0..7 {
            dialogue.on(DialogueEvent::Granted);
            let DialogueEffect::WakeIn(pause) = dialogue.on(DialogueEvent::Ended { how: Ending::Failed, at })
            else {
                panic!("a failed turn must be tried again");
            };
            pauses.push(pause.as_millis());
            assert_eq!(dialogue.on(DialogueEvent::Woke { at: at + pause }), DialogueEffect::AskForTurn);
        }
        assert_eq!(pauses, [200, 400, 800, 1600, 3200, 5000, 5000]);
    }

    proptest! {
        /// Whatever happens in whatever order: after an arrival a turn is on its way until one ran after it.
        #[test]
        fn no_arrival_is_forgotten(choices in proptest::collection::vec(0u8..5, 1..60), quiet_ms in 0u64..2000) {
            let mut now = some_instant();
            let mut dialogue = Dialogue::new(Duration::from_millis(quiet_ms));
            let mut owed = false;
            for choice in choices {
                now += Duration::from_millis(700);
                let effect = match choice {
                    0 => { owed = true; dialogue.on(DialogueEvent::Arrived { at: now }) }
                    1 => dialogue.on(DialogueEvent::Woke { at: now }),
                    2 => dialogue.on(DialogueEvent::Granted),
                    3 => dialogue.on(DialogueEvent::Ended { how: Ending::Done, at: now }),
                    _ => dialogue.on(DialogueEvent::Ended { how: Ending::Failed, at: now }),
                };
                if effect == DialogueEffect::Run { owed = false; }
                if effect == DialogueEffect::Rest { prop_assert!(!owed, "rested although a message waits"); }
                prop_assert!(!(owed && dialogue.is_resting()), "resting although a message waits");
            }
        }
    }
}
