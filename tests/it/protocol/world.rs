//! The world that the model explores: one conversation's row as `decisions` decides on it, and around it what
//! processes, the outbox, crashes, customers and staff can do to it in any order.

use fte::domain::ids::{ProcessId, TurnId};
use fte::domain::turn::SupersedePolicy;
use uuid::Uuid;

use super::decisions::{Hold, Row, Unfinished};

/// A rule of PROTOCOL.md 4 that can be switched off, by its sabotage of the real decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    /// 1: begin with nothing to answer changes nothing.
    NothingToAnswer,
    /// 1: begin raises the epoch.
    EpochRises,
    /// 1: begin takes a lease.
    BeginLeases,
    /// 2: steps are resumed only for the same messages.
    ResumesTheSame,
    /// 2: recording is refused to who was fenced.
    RecordingIsFenced,
    /// 3: finish compares the epoch.
    FinishComparesEpoch,
    /// 3: finish asks whose hands it is in.
    FinishComparesHands,
    /// 3: finish asks for newer messages.
    FinishComparesNewest,
    /// 3: finish settles only what it covers.
    SettlesWhatItCovers,
    /// 3: who is fenced stops.
    FencedStops,
    /// 4: after so many supersedes a turn commits for what it covers.
    SupersedesAreBounded,
    /// 4: the rest gets the next turn.
    RestGetsATurn,
    /// 5: what people do raises the epoch.
    PeopleRaiseEpoch,
    /// 5: what people do ends the unfinished turn.
    PeopleEndTurns,
    /// 5: a staff reply settles what they were shown.
    StaffReplySettles,
    /// 5: a staff reply settles nothing else.
    StaffReplySettlesNoMore,
    /// 5: hand-back writes an event if any are unsettled.
    HandBackTells,
    /// 5: takeover withdraws pending deliveries.
    TakeoverWithdraws,
    /// 6: a conversation in human hands, or with a waiting message, is reused whatever its age.
    HeldIsReused,
    /// 7: the sweeper looks for unsettled messages.
    SweeperSeesMessages,
    /// 7: it leaves live leases alone.
    SweeperRespectsLeases,
}

/// What a turn in a process has got to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    Begun,
    /// It has its draft, made from the messages up to `seen`, and recorded its steps.
    Drafted,
}

/// A process: what it was handed, and the turn it runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Process {
    pub handed: bool,
    pub turn: Option<Running>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Running {
    pub hold: Hold,
    pub stage: Stage,
    /// The messages that the steps it goes on with were made from.
    pub seen: i64,
    /// Whether people have acted since those steps were made.
    pub before_people: bool,
    pub supersedes: u8,
}

impl Process {
    /// All that tells one process from another, but the name of its turn.
    fn rank(&self) -> impl Ord + use<> {
        let turn = self.turn.as_ref().map(|turn| {
            let hold = (turn.hold.epoch, turn.hold.covers);
            (hold, turn.stage.clone(), turn.seen, turn.before_people, turn.supersedes)
        });
        (self.handed, turn)
    }
}

/// What stands in the records about the steps of the unfinished turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Recorded {
    pub turn: TurnId,
    pub seen: i64,
    pub before_people: bool,
}

/// How often each thing may still happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Budget {
    pub messages: u8,
    pub crashes: u8,
    pub takeovers: u8,
    pub staff_replies: u8,
    pub hand_backs: u8,
    /// Lost work is found; off, to see who needs the sweeper.
    pub sweeper: bool,
    /// Members of a group that are stopped for a while: their lease runs out and they go on.
    pub stalls: u8,
    /// A turn may find that the oldest message has waited for 30 s.
    pub long_waits: bool,
}

/// What must never be found; noted where it happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    AnsweredTwice,
    SettledUnseen,
    RepliedAfterTakeover,
    DraftFromOtherMessages,
    DraftFromBeforePeople,
    NewerIgnored,
    RecordedByFenced,
    DeliveredAfterTakeover,
    AnsweredWhatStaffAnswered,
    StaffSettledUnshown,
    SecondConversation,
    LiveTurnDisturbed,
    FencesForEver,
    TooManySupersedes,
}

impl Budget {
    /// Whether a turn may say that it has waited long enough.
    pub fn may_insist(self, supersede: SupersedePolicy) -> bool {
        supersede == SupersedePolicy::Restart || self.long_waits
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct World {
    pub row: Row,
    /// Whether an event about the conversation is on its way.
    pub event: bool,
    pub processes: [Process; 2],
    pub recorded: Option<Recorded>,
    /// Replies of the bot that wait for their delivery.
    pub pending: u8,
    pub delivered: bool,
    /// Messages that a staff reply settled, or was shown.
    pub staff_answered: i64,
    pub left: Budget,
    /// People took the conversation, and have not handed it back.
    pub people_hold: bool,
    /// Turns whose decision is true.
    pub finished: Vec<TurnId>,
    pub fault: Option<Fault>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// A customer writes.
    Receive,
    /// The event goes to a process.
    HandIn(usize),
    Begin(usize),
    /// The turn thinks, and records its steps.
    Draft(usize),
    /// It commits, perhaps because the oldest message has waited long enough.
    Finish(usize, Decision, SupersedePolicy),
    Crash(usize),
    /// The process stands still until its lease has run out.
    Stall,
    /// The lease of a dead process runs out.
    Expire,
    Sweep,
    TakeOver,
    /// Staff answer, having been shown all messages, or all but the newest.
    StaffReply {
        shown: i64,
    },
    HandBack,
    Deliver,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Decision {
    Answer,
    Escalate,
}

/// No decision depends on which process it is.
pub const OWNER: ProcessId = ProcessId(Uuid::from_u128(100));

/// An epoch that is not the row's any more, and the row's.
const STALE: i64 = 0;
const CURRENT: i64 = 1;

impl World {
    pub fn new(left: Budget) -> Self {
        Self {
            row: Row::opened(),
            event: true,
            processes: [Process::default(), Process::default()],
            recorded: None,
            pending: 0,
            delivered: false,
            staff_answered: 0,
            left: Budget { messages: left.messages - 1, ..left },
            people_hold: false,
            finished: vec![],
            fault: None,
        }
    }

    /// The first fault stands.
    pub fn blame(&mut self, fault: Fault) {
        self.fault.get_or_insert(fault);
    }

    /// An id that no turn has.
    pub fn fresh_turn(&self) -> TurnId {
        let taken = self.turns();
        let unused = (1..).map(|number| TurnId(Uuid::from_u128(number))).find(|id| !taken.contains(id));
        unused.unwrap()
    }

    /// The ids that anything in the world refers to.
    fn turns(&self) -> Vec<TurnId> {
        let running = self.processes.iter().filter_map(|process| process.turn.as_ref());
        let turns = self.row.turn.map(|turn| turn.id).into_iter().chain(running.map(|turn| turn.hold.turn));
        turns
            .chain(self.recorded.map(|recorded| recorded.turn))
            .chain(self.finished.iter().copied())
            .collect()
    }

    /// The same world with the names that make no difference made equal: epochs are only compared with the row's, turns
    /// with one another, and which process is which does not matter.
    pub fn canonical(mut self) -> Self {
        for running in self.processes.iter_mut().filter_map(|process| process.turn.as_mut()) {
            let current = running.hold.epoch == self.row.epoch;
            running.hold.epoch = if current { CURRENT } else { STALE };
        }
        self.row.epoch = CURRENT;
        self.processes.sort_by_key(Process::rank);
        let running: Vec<TurnId> =
            self.processes.iter().filter_map(|one| one.turn.as_ref().map(|turn| turn.hold.turn)).collect();
        let row = self.row.turn.map(|turn| turn.id);
        self.finished.retain(|turn| running.contains(turn) || row == Some(*turn));
        self.recorded = self.recorded.filter(|recorded| row == Some(recorded.turn));
        let mut order: Vec<TurnId> = row.into_iter().chain(running).collect();
        order.dedup();
        let name = |id: TurnId| {
            let place = order.iter().position(|other| *other == id).unwrap();
            TurnId(Uuid::from_u128(place as u128 + 1))
        };
        self.row.turn = self.row.turn.map(|turn| Unfinished { id: name(turn.id), ..turn });
        self.recorded = self.recorded.map(|steps| Recorded { turn: name(steps.turn), ..steps });
        self.finished = self.finished.iter().map(|turn| name(*turn)).collect();
        self.finished.sort();
        self.finished.dedup();
        for running in self.processes.iter_mut().filter_map(|process| process.turn.as_mut()) {
            running.hold.turn = name(running.hold.turn);
        }
        self
    }

    /// Whether a process works on the turn that may write.
    pub fn holder_works(&self) -> bool {
        let holds =
            |process: &Process| process.turn.as_ref().is_some_and(|turn| turn.hold.epoch == self.row.epoch);
        self.processes.iter().any(holds)
    }
}
