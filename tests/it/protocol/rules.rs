//! Model checking tests: with all rules no forbidden state is reachable, and without any one of them one is.

use fte::clock;
use stateright::{Checker, HasDiscoveries, Model};

use super::model::Protocol;
use super::world::{Budget, Rule};

/// Two messages, two processes, two crashes, each staff action once.
const FULL: Budget = Budget {
    messages: 2,
    crashes: 2,
    takeovers: 1,
    staff_replies: 1,
    hand_backs: 1,
    merges: 0,
    sweeper: true,
    stalls: 1,
    long_waits: true,
};
/// Without crashes the sweeper is not needed.
const CALM: Budget = Budget { crashes: 0, stalls: 0, sweeper: false, ..FULL };
/// Customers who keep writing while one process runs a turn.
const TALKATIVE: Budget = Budget {
    messages: 6,
    crashes: 0,
    takeovers: 0,
    staff_replies: 0,
    hand_backs: 0,
    merges: 0,
    sweeper: false,
    stalls: 0,
    long_waits: false,
};
/// Staff who merge the conversation into another one, twice, and take that back.
const MERGING: Budget = Budget { takeovers: 0, merges: 2, ..CALM };

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// The shortest path to a forbidden state, if there is one.
fn counterexample(without: &[Rule], budget: Budget) -> Option<String> {
    let model = Protocol { without: without.to_vec(), budget };
    let checker =
        model.checker().finish_when(HasDiscoveries::AnyFailures).threads(threads()).spawn_bfs().join();
    let found = checker.discoveries();
    let bad = found.into_iter().filter(|(name, _)| !name.starts_with("both"));
    let paths: Vec<String> = bad
        .map(|(name, path)| {
            let fault = path.last_state().fault;
            format!("{name}: {fault:?} by {:?}", path.into_actions())
        })
        .collect();
    (!paths.is_empty()).then(|| paths.join("\n"))
}

#[test]
fn with_all_rules_no_forbidden_state_is_reachable() {
    for budget in [FULL, CALM, TALKATIVE, MERGING] {
        let began = clock::monotonic();
        let model = Protocol { without: vec![], budget };
        let checker = model.checker().threads(threads()).spawn_bfs().join();
        println!("{} states in {:?}", checker.unique_state_count(), clock::monotonic().duration_since(began));
        assert!(checker.is_done());
        assert!(checker.unique_state_count() > 100, "the checker explored too few states");
        checker.assert_properties();
    }
}

/// Each rule, with a budget under which its absence leads to a forbidden state.
const NEEDED: [(Rule, Budget); 23] = [
    (Rule::NothingToAnswer, FULL),
    (Rule::EpochRises, FULL),
    (Rule::BeginLeases, FULL),
    (Rule::ResumesTheSame, FULL),
    (Rule::RecordingIsFenced, FULL),
    (Rule::FinishComparesEpoch, FULL),
    (Rule::FinishComparesNewest, FULL),
    (Rule::SettlesWhatItCovers, FULL),
    (Rule::FencedStops, FULL),
    (Rule::SupersedesAreBounded, TALKATIVE),
    (Rule::RestGetsATurn, CALM),
    (Rule::PeopleRaiseEpoch, FULL),
    (Rule::PeopleEndTurns, FULL),
    (Rule::StaffReplySettles, FULL),
    (Rule::StaffReplySettlesNoMore, FULL),
    (Rule::HandBackTells, CALM),
    (Rule::TakeoverWithdraws, FULL),
    (Rule::MergeWithdraws, MERGING),
    (Rule::TakeBackKeepsSent, MERGING),
    (Rule::TakeBackTells, MERGING),
    (Rule::HeldIsReused, FULL),
    (Rule::SweeperSeesMessages, FULL),
    (Rule::SweeperRespectsLeases, FULL),
];

macro_rules! each_rule_is_needed {
    ($($name:ident = $rule:ident),+ $(,)?) => {
        $(
            #[test]
            fn $name() {
                let needed = NEEDED.iter().find(|(rule, _)| *rule == Rule::$rule);
                let (rule, budget) = needed.expect("a rule without a budget");
                let path = counterexample(&[*rule], *budget);
                println!("{}", path.expect("the model does not detect the disabled rule"));
            }
        )+

        #[test]
        fn every_needed_rule_has_its_test() {
            assert_eq!(NEEDED.map(|(rule, _)| rule), [$(Rule::$rule),+]);
        }
    };
}

each_rule_is_needed! {
    beginning_with_nothing_to_answer_must_change_nothing = NothingToAnswer,
    beginning_must_raise_the_epoch = EpochRises,
    beginning_must_take_a_lease = BeginLeases,
    steps_must_be_resumed_only_for_the_same_messages = ResumesTheSame,
    recording_must_be_refused_to_who_was_fenced = RecordingIsFenced,
    finishing_must_compare_the_epoch = FinishComparesEpoch,
    finishing_must_ask_for_newer_messages = FinishComparesNewest,
    finishing_must_settle_only_what_it_covers = SettlesWhatItCovers,
    who_is_fenced_must_stop = FencedStops,
    supersedes_must_be_bounded = SupersedesAreBounded,
    the_rest_must_get_the_next_turn = RestGetsATurn,
    what_people_do_must_raise_the_epoch = PeopleRaiseEpoch,
    what_people_do_must_end_the_unfinished_turn = PeopleEndTurns,
    a_staff_reply_must_settle_what_they_were_shown = StaffReplySettles,
    a_staff_reply_must_settle_nothing_else = StaffReplySettlesNoMore,
    hand_back_must_write_an_event = HandBackTells,
    takeover_must_withdraw_pending_deliveries = TakeoverWithdraws,
    a_merge_must_withdraw_pending_deliveries = MergeWithdraws,
    a_merge_that_is_taken_back_must_keep_what_was_sent = TakeBackKeepsSent,
    a_merge_that_is_taken_back_must_write_an_event = TakeBackTells,
    a_held_conversation_must_be_reused = HeldIsReused,
    the_sweeper_must_look_for_messages = SweeperSeesMessages,
    the_sweeper_must_respect_leases = SweeperRespectsLeases,
}

/// The ownership check of finish is a second line of defence: as long as staff actions increase the epoch, the epoch
/// check covers it. Without both, the bot replies in a conversation that staff own.
#[test]
fn the_ownership_check_matters_where_the_epoch_check_is_off() {
    assert_eq!(counterexample(&[Rule::FinishComparesHands], FULL), None);
    let path = counterexample(&[Rule::FinishComparesHands, Rule::PeopleRaiseEpoch], FULL);
    assert!(path.is_some());
}
