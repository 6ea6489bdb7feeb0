//! State of the model checker: one conversation's row as `decisions` sees it, with the processes, the outbox, crashes,
//! customers and staff that act on it in any order.

use fte::domain::conversations::turn::SupersedePolicy;
use fte::domain::enums::ConversationStatus;
use fte::domain::ids::{ProcessId, TurnId};
use uuid::Uuid;

use super::decisions::{Hold, Row, Unfinished};

/// A rule of PROTOCOL.md 4 that can be disabled by altering the real decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    /// 1: begin with nothing to answer changes nothing.
    NothingToAnswer,
    /// 1: begin increases the epoch.
    EpochRises,
    /// 1: begin takes a lease.
    BeginLeases,
    /// 2: steps are resumed only for the same messages.
    ResumesTheSame,
    /// 2: a fenced turn may not record.
    RecordingIsFenced,
    /// 3: finish compares the epoch.
    FinishComparesEpoch,
    /// 3: finish checks the owner.
    FinishComparesHands,
    /// 3: finish checks for newer messages.
    FinishComparesNewest,
    /// 3: finish answers only the messages it covers.
    SettlesWhatItCovers,
    /// 3: a fenced turn stops.
    FencedStops,
    /// 4: after a number of supersedes a turn commits for the messages it covers.
    SupersedesAreBounded,
    /// 4: the remaining messages get the next turn.
    RestGetsATurn,
    /// 5: staff actions increase the epoch.
    PeopleRaiseEpoch,
    /// 5: staff actions end the unfinished turn.
    PeopleEndTurns,
    /// 5: a staff reply answers the messages that staff were shown.
    StaffReplySettles,
    /// 5: a staff reply answers no other messages.
    StaffReplySettlesNoMore,
    /// 5: handing back writes an event if any message is unanswered.
    HandBackTells,
    /// 5: takeover withdraws pending deliveries.
    TakeoverWithdraws,
    /// 5: what staff close by a merge sends nothing more.
    MergeWithdraws,
    /// 5: a merge that is taken back makes nothing wait that the customer has an answer to.
    TakeBackKeepsSent,
    /// 5: a merge that is taken back writes an event if any message is unanswered.
    TakeBackTells,
    /// 6: a conversation that staff own, or with an unanswered message, is reused whatever its age.
    HeldIsReused,
    /// 7: the sweeper looks for unanswered messages.
    SweeperSeesMessages,
    /// 7: the sweeper ignores conversations with a live lease.
    SweeperRespectsLeases,
}

/// The progress of a turn in a process.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    Begun,
    /// It has drafted a reply to the messages up to `seen`, and recorded its steps.
    Drafted,
}

/// A process: the events submitted to it, and the turn it runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Process {
    pub handed: bool,
    pub turn: Option<Running>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Running {
    pub hold: Hold,
    pub stage: Stage,
    /// The newest message that the resumed steps were made from.
    pub seen: i64,
    /// Whether staff have acted since those steps were made.
    pub before_people: bool,
    pub supersedes: u8,
}

impl Process {
    /// A sort key of all that distinguishes processes except the name of the turn.
    fn rank(&self) -> impl Ord + use<> {
        let turn = self.turn.as_ref().map(|turn| {
            let hold = (turn.hold.epoch, turn.hold.covers);
            (hold, turn.stage.clone(), turn.seen, turn.before_people, turn.supersedes)
        });
        (self.handed, turn)
    }
}

/// The recorded steps of the unfinished turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Recorded {
    pub turn: TurnId,
    pub seen: i64,
    pub before_people: bool,
}

/// How often each action may still happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Budget {
    pub messages: u8,
    pub crashes: u8,
    pub takeovers: u8,
    pub staff_replies: u8,
    pub hand_backs: u8,
    /// Merges into another conversation, each of which may be taken back.
    pub merges: u8,
    /// Whether the sweeper finds lost work; off, to see which cases need it.
    pub sweeper: bool,
    /// Processes paused (SIGSTOP) for so long that their lease expires, and then resumed.
    pub stalls: u8,
    /// A turn may find that the oldest message is 30 s old.
    pub long_waits: bool,
}

/// A forbidden state; recorded where it happens.
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
    /// Whether a turn may commit because the oldest message has waited too long.
    pub fn may_insist(self, supersede: SupersedePolicy) -> bool {
        supersede == SupersedePolicy::Restart || self.long_waits
    }
}

/// A reply of the bot that has not left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pending {
    /// What was answered before it.
    pub answered: i64,
    pub covers: i64,
}

/// What a merge that is taken back restores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BeforeMerge {
    pub status: ConversationStatus,
    pub answered: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct World {
    pub row: Row,
    /// Whether an event about the conversation is in the outbox or in transit.
    pub event: bool,
    pub processes: [Process; 2],
    pub recorded: Option<Recorded>,
    /// The bot's replies that have not left, in their order.
    pub pending: Vec<Pending>,
    pub delivered: bool,
    /// The customer has answers to the messages up to this one.
    pub sent_through: i64,
    pub before_merge: Option<BeforeMerge>,
    /// Messages that a staff reply answered, or that staff were shown.
    pub staff_answered: i64,
    pub left: Budget,
    /// Staff took over the conversation, and have not handed it back.
    pub people_hold: bool,
    /// Turns whose decision is committed.
    pub finished: Vec<TurnId>,
    pub fault: Option<Fault>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// A customer writes.
    Receive,
    /// A process receives the event.
    HandIn(usize),
    Begin(usize),
    /// The turn drafts a reply, and records its steps.
    Draft(usize),
    /// The turn commits, perhaps because the oldest message has waited too long.
    Finish(usize, Decision, SupersedePolicy),
    Crash(usize),
    /// The process is paused until its lease has expired.
    Stall,
    /// The lease of a crashed process expires.
    Expire,
    Sweep,
    TakeOver,
    /// Staff reply, having been shown all messages, or all but the newest.
    StaffReply {
        shown: i64,
    },
    HandBack,
    /// Staff merge the conversation into another one.
    MergeAway,
    Unmerge,
    Deliver,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Decision {
    Answer,
    Escalate,
}

/// No decision depends on which process it is.
pub const OWNER: ProcessId = ProcessId(Uuid::from_u128(100));

/// An outdated epoch, and the row's epoch.
const STALE: i64 = 0;
const CURRENT: i64 = 1;

impl World {
    pub fn new(left: Budget) -> Self {
        Self {
            row: Row::opened(),
            event: true,
            processes: [Process::default(), Process::default()],
            recorded: None,
            pending: vec![],
            delivered: false,
            sent_through: 0,
            before_merge: None,
            staff_answered: 0,
            left: Budget { messages: left.messages - 1, ..left },
            people_hold: false,
            finished: vec![],
            fault: None,
        }
    }

    /// Whatever runs or was recorded is from before staff acted.
    pub fn people_acted(&mut self) {
        let running = self.processes.iter_mut().filter_map(|process| process.turn.as_mut());
        running.for_each(|running| running.before_people = true);
        if let Some(recorded) = &mut self.recorded {
            recorded.before_people = true;
        }
    }

    /// Only the first fault is kept.
    pub fn blame(&mut self, fault: Fault) {
        self.fault.get_or_insert(fault);
    }

    /// An unused turn id.
    pub fn fresh_turn(&self) -> TurnId {
        let taken = self.turns();
        let unused = (1..).map(|number| TurnId(Uuid::from_u128(number))).find(|id| !taken.contains(id));
        unused.unwrap()
    }

    /// The turn ids that anything in the world refers to.
    fn turns(&self) -> Vec<TurnId> {
        let running = self.processes.iter().filter_map(|process| process.turn.as_ref());
        let turns = self.row.turn.map(|turn| turn.id).into_iter().chain(running.map(|turn| turn.hold.turn));
        turns
            .chain(self.recorded.map(|recorded| recorded.turn))
            .chain(self.finished.iter().copied())
            .collect()
    }

    /// Symmetry reduction: the same world with canonical names. Epochs are only compared with the row's, turns with one
    /// another, and the identity of a process does not matter.
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

    /// Whether a process runs the turn that may write.
    pub fn holder_works(&self) -> bool {
        let holds =
            |process: &Process| process.turn.as_ref().is_some_and(|turn| turn.hold.epoch == self.row.epoch);
        self.processes.iter().any(holds)
    }
}
