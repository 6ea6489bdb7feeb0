//! State machine for the model checker: the possible actions in a world, their effects, and the forbidden states.

use std::time::Duration;

use fte::domain::conversations::turn::{Refusal, Rest, SupersedePolicy};
use fte::domain::enums::{ConversationStatus, Outcome};
use stateright::{Model, Property};

use super::decisions::{Begin, FinishOutcome, Hold, Lease, Reuse, Row};
use super::world::{
    Action, Budget, Decision, Fault, OWNER, Pending, Process, Recorded, Rule, Running, Stage, World,
};

/// Supersedes after which a turn commits (`SupersedePolicy::after`).
const SUPERSEDES: u8 = 3;
const DAY: Duration = Duration::from_secs(86_400);

/// Actions of staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    TakeOver,
    Reply { shown: i64 },
    HandBack,
}

/// The protocol with some of its rules disabled.
#[derive(Clone, Debug)]
pub struct Protocol {
    pub without: Vec<Rule>,
    pub budget: Budget,
}

impl Protocol {
    pub(super) fn keeps(&self, rule: Rule) -> bool {
        !self.without.contains(&rule)
    }

    fn hand_in(&self, world: &mut World, process: usize) {
        world.event = false;
        // A message that arrives during a turn is left to the next one.
        let absorbed = world.processes[process].turn.is_some() && !self.keeps(Rule::RestGetsATurn);
        world.processes[process].handed = !absorbed;
    }

    fn receive(&self, world: &mut World) {
        world.left.messages -= 1;
        // Whatever its age.
        let reuse =
            if self.keeps(Rule::HeldIsReused) { world.row.reuse(2 * DAY, DAY) } else { Reuse::OpensAnother };
        let held = world.row.status == ConversationStatus::Escalated || world.row.has_unsettled();
        if reuse == Reuse::OpensAnother && held {
            world.blame(Fault::SecondConversation);
        }
        world.row = world.row.clone().received();
        world.event |= world.row.status == ConversationStatus::Active;
    }

    fn begin(&self, world: &mut World, process: usize) {
        world.processes[process].handed = false;
        self.begin_turn(world, process, 0);
    }

    fn begin_turn(&self, world: &mut World, process: usize, supersedes: u8) {
        let turn = world.fresh_turn();
        let mut row = world.row.clone();
        let nothing = !row.waits_for_the_bot();
        let settled = row.answered_through;
        if nothing && !self.keeps(Rule::NothingToAnswer) && row.status == ConversationStatus::Active {
            row.answered_through = row.last_inbound - 1;
        }
        if !self.keeps(Rule::ResumesTheSame)
            && let Some(turn) = &mut row.turn
        {
            turn.covers = row.last_inbound;
        }
        let (mut row, mut hold, resumed) = match row.begin(turn, OWNER) {
            Begin::Idle(_) => return,
            Begin::Fresh(row, hold) => (row, hold, false),
            Begin::Resumed(row, hold) => (row, hold, true),
        };
        row.answered_through = settled;
        world.row = row;
        if !self.keeps(Rule::EpochRises) {
            world.row.epoch -= 1;
            hold.epoch -= 1;
        }
        if !self.keeps(Rule::BeginLeases) {
            world.row.lease = Lease::Nobody;
        }
        let recorded = world.recorded.filter(|recorded| resumed && recorded.turn == hold.turn);
        let (seen, before_people) = recorded.map_or((hold.covers, false), |r| (r.seen, r.before_people));
        let stage = if recorded.is_some() { Stage::Drafted } else { Stage::Begun };
        world.processes[process].turn = Some(Running { hold, stage, seen, before_people, supersedes });
    }

    fn draft(&self, world: &mut World, process: usize) {
        let Some(running) = world.processes[process].turn.clone() else {
            return;
        };
        let mut hold = running.hold;
        let fenced = !world.row.may_record(hold);
        if !self.keeps(Rule::RecordingIsFenced) {
            hold.epoch = world.row.epoch;
        }
        if !world.row.may_record(hold) {
            world.processes[process].turn = None;
            return;
        }
        if fenced {
            world.blame(Fault::RecordedByFenced);
        }
        let (turn, seen, before_people) = (hold.turn, running.seen, running.before_people);
        world.recorded = Some(Recorded { turn, seen, before_people });
        world.processes[process].turn = Some(Running { stage: Stage::Drafted, ..running });
    }

    fn finish(&self, world: &mut World, process: usize, decision: Decision, waited: SupersedePolicy) {
        let Some(running) = world.processes[process].turn.take() else {
            return;
        };
        let insists = running.supersedes >= SUPERSEDES && self.keeps(Rule::SupersedesAreBounded);
        let supersede = if insists { SupersedePolicy::Commit } else { waited };
        let outcome = match decision {
            Decision::Answer => Outcome::Answer,
            Decision::Escalate => Outcome::Escalate,
        };
        let before = world.row.clone();
        let (row, hold, asked) = self.sabotaged(world, &running, supersede);
        let known = world.finished.contains(&hold.turn).then_some(Outcome::Answer);
        match row.finish(hold, asked, outcome, known) {
            FinishOutcome::Committed(row, rest) => {
                world.row = row;
                world.finished.push(hold.turn);
                if !self.keeps(Rule::SettlesWhatItCovers) {
                    world.row.answered_through = world.row.last_inbound;
                }
                judge_reply(world, &before, &running, supersede);
                let pending = Pending { answered: before.answered_through, covers: running.hold.covers };
                world.pending.push(pending);
                world.event |= rest == Rest::Waiting && self.keeps(Rule::RestGetsATurn);
            }
            FinishOutcome::Refused(_, Refusal::Newer) => self.start_again(world, process, running.supersedes),
            FinishOutcome::Refused(_, Refusal::Fenced) if !self.keeps(Rule::FencedStops) => {
                // Nothing has happened that causes this begin, and it fences the turn that fenced it.
                if world.row.waits_for_the_bot() && world.holder_works() {
                    world.blame(Fault::FencesForEver);
                }
                self.begin_turn(world, process, 0);
            }
            FinishOutcome::Refused(_, Refusal::Fenced | Refusal::TakenOver) | FinishOutcome::Repeated(..) => {
            }
        }
    }

    /// The arguments of finish with some rules disabled.
    fn sabotaged(
        &self,
        world: &World,
        running: &Running,
        supersede: SupersedePolicy,
    ) -> (Row, Hold, SupersedePolicy) {
        let (mut row, mut hold, mut asked) = (world.row.clone(), running.hold, supersede);
        if !self.keeps(Rule::FinishComparesEpoch) {
            hold.epoch = row.epoch;
        }
        if !self.keeps(Rule::FinishComparesHands) {
            row.status = ConversationStatus::Active;
        }
        if !self.keeps(Rule::FinishComparesNewest) {
            asked = SupersedePolicy::Commit;
        }
        (row, hold, asked)
    }

    fn start_again(&self, world: &mut World, process: usize, supersedes: u8) {
        if supersedes >= SUPERSEDES {
            world.blame(Fault::TooManySupersedes);
        }
        self.begin_turn(world, process, supersedes + 1);
    }

    fn people(&self, world: &mut World, act: Act) {
        let before = world.row.clone();
        let row = before.clone();
        world.row = match act {
            Act::TakeOver => row.take_over(),
            Act::Reply { shown } => self.staff_reply(world, row, shown),
            Act::HandBack => row.hand_back(),
        };
        world.people_acted();
        world.people_hold = act != Act::HandBack;
        if !self.keeps(Rule::PeopleRaiseEpoch) {
            world.row.epoch = before.epoch;
        }
        if !self.keeps(Rule::PeopleEndTurns) {
            world.row.turn = before.turn;
        }
        if act != Act::HandBack && self.keeps(Rule::TakeoverWithdraws) {
            world.pending.clear();
        }
        let waits = world.row.waits_for_the_bot();
        world.event |= act == Act::HandBack && waits && self.keeps(Rule::HandBackTells);
    }

    fn staff_reply(&self, world: &mut World, row: Row, shown: i64) -> Row {
        let settled = row.answered_through;
        let mut row = row.staff_reply(shown);
        if !self.keeps(Rule::StaffReplySettles) {
            row.answered_through = settled;
        }
        if !self.keeps(Rule::StaffReplySettlesNoMore) {
            row.answered_through = row.last_inbound;
        }
        world.staff_answered = world.staff_answered.max(shown);
        if row.answered_through > settled.max(shown) {
            world.blame(Fault::StaffSettledUnshown);
        }
        row
    }

    fn sweep(&self, world: &mut World) {
        if world.holder_works() && !matches!(world.row.lease, Lease::Expired(_)) {
            world.blame(Fault::LiveTurnDisturbed);
        }
        world.event = true;
    }

    fn sweeps(&self, world: &World) -> bool {
        let mut row = world.row.clone();
        if !self.keeps(Rule::SweeperRespectsLeases) {
            row.lease = Lease::Nobody;
        }
        let sees = self.keeps(Rule::SweeperSeesMessages) || row.turn.is_some();
        sees && row.is_forgotten() && !world.event && world.left.sweeper
    }
}

/// The fault of a reply that has just been committed, if any.
fn judge_reply(world: &mut World, before: &Row, running: &Running, supersede: SupersedePolicy) {
    let covers = running.hold.covers;
    if before.answered_through >= covers || world.sent_through >= covers {
        world.blame(Fault::AnsweredTwice);
    }
    if world.row.answered_through > covers {
        world.blame(Fault::SettledUnseen);
    }
    if before.status != ConversationStatus::Active {
        world.blame(Fault::RepliedAfterTakeover);
    }
    if running.seen != covers {
        world.blame(Fault::DraftFromOtherMessages);
    }
    if running.before_people {
        world.blame(Fault::DraftFromBeforePeople);
    }
    if supersede == SupersedePolicy::Restart && before.last_inbound != covers {
        world.blame(Fault::NewerIgnored);
    }
    if covers <= world.staff_answered {
        world.blame(Fault::AnsweredWhatStaffAnswered);
    }
}

impl Model for Protocol {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        vec![World::new(self.budget)]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        if world.fault.is_some() {
            return;
        }
        let (left, status) = (world.left, world.row.status);
        let mut may = |action, possible: bool| {
            if possible {
                actions.push(action);
            }
        };
        // What is written to a merged conversation goes on in the other one.
        may(Action::Receive, left.messages > 0 && status != ConversationStatus::Closed);
        for (index, process) in world.processes.iter().enumerate() {
            let busy = process.turn.is_some();
            may(Action::HandIn(index), world.event && !process.handed);
            may(Action::Begin(index), process.handed && !busy);
            let stage = process.turn.as_ref().map(|turn| &turn.stage);
            may(Action::Draft(index), stage == Some(&Stage::Begun));
            for supersede in [SupersedePolicy::Restart, SupersedePolicy::Commit] {
                let drafted = stage == Some(&Stage::Drafted);
                for decision in [Decision::Answer, Decision::Escalate] {
                    may(Action::Finish(index, decision, supersede), drafted && left.may_insist(supersede));
                }
            }
            may(Action::Crash(index), left.crashes > 0 && (busy || process.handed));
        }
        let live = matches!(world.row.lease, Lease::Live(_));
        may(Action::Expire, live && !world.holder_works());
        may(Action::Stall, live && world.holder_works() && left.stalls > 0);
        may(Action::Sweep, self.sweeps(world));
        may(Action::TakeOver, left.takeovers > 0 && status != ConversationStatus::Closed);
        may(Action::MergeAway, left.merges > 0 && status != ConversationStatus::Closed);
        may(Action::Unmerge, world.before_merge.is_some());
        let human = status == ConversationStatus::Escalated;
        may(Action::HandBack, left.hand_backs > 0 && human);
        let newest = world.row.last_inbound;
        for shown in [newest, newest - 1] {
            may(Action::StaffReply { shown }, left.staff_replies > 0 && human && shown > 0);
        }
        may(Action::Deliver, !world.pending.is_empty());
    }

    fn next_state(&self, world: &World, action: Action) -> Option<World> {
        let mut next = world.clone();
        match action {
            Action::Receive => self.receive(&mut next),
            Action::HandIn(process) => self.hand_in(&mut next, process),
            Action::Begin(process) => self.begin(&mut next, process),
            Action::Draft(process) => self.draft(&mut next, process),
            Action::Finish(process, decision, supersede) => {
                self.finish(&mut next, process, decision, supersede);
            }
            Action::Crash(process) => {
                next.left.crashes -= 1;
                next.processes[process] = Process::default();
            }
            Action::Stall => {
                next.left.stalls -= 1;
                next.row.lease = expired(next.row.lease);
            }
            Action::Expire => next.row.lease = expired(next.row.lease),
            Action::Sweep => self.sweep(&mut next),
            Action::TakeOver => {
                next.left.takeovers -= 1;
                self.people(&mut next, Act::TakeOver);
            }
            Action::StaffReply { shown } => {
                next.left.staff_replies -= 1;
                self.people(&mut next, Act::Reply { shown });
            }
            Action::HandBack => {
                next.left.hand_backs -= 1;
                self.people(&mut next, Act::HandBack);
            }
            Action::MergeAway => {
                next.left.merges -= 1;
                self.merge_away(&mut next);
            }
            Action::Unmerge => self.unmerge(&mut next),
            Action::Deliver => deliver(&mut next),
        }
        Some(next.canonical())
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("nothing forbidden happens", |_, world: &World| world.fault.is_none()),
            Property::always("no message is left without anybody who will see it", |model: &Self, world| {
                let mut actions = vec![];
                model.actions(world, &mut actions);
                !actions.is_empty() || world.fault.is_some() || !world.row.waits_for_the_bot()
            }),
            Property::sometimes("both messages are answered by the bot", |_, world: &World| {
                world.row.answered_through >= 2 && world.delivered
            }),
        ]
    }
}

fn expired(lease: Lease) -> Lease {
    match lease {
        Lease::Live(owner) | Lease::Expired(owner) => Lease::Expired(owner),
        Lease::Nobody => Lease::Nobody,
    }
}

fn deliver(world: &mut World) {
    let sent = world.pending.remove(0);
    world.sent_through = world.sent_through.max(sent.covers);
    world.delivered = true;
    if world.people_hold {
        world.blame(Fault::DeliveredAfterTakeover);
    }
}
