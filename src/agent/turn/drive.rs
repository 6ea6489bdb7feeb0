//! Drives a turn as the actor does, for the tests; it checks the order of effects on its way.

use super::*;

/// What a turn did and came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    pub verdict: Verdict,
    pub queries: Vec<String>,
    pub requests: Vec<Request>,
    /// The steps recorded in this run.
    pub steps: Vec<Step>,
    /// How many times something was recorded.
    pub records: usize,
}

pub fn speaker() -> Speaker {
    Speaker { model: "fake".to_owned(), prompt_version: "v1".to_owned() }
}

/// Runs a turn to its end. The model answers by what it was asked, a search by its query.
pub fn run(
    briefing: Briefing,
    budgets: Budgets,
    mut model: impl FnMut(&Request) -> ModelTurn,
    mut search: impl FnMut(&str) -> Findings,
) -> Run {
    let mut written = briefing.steps.len();
    let mut turn = Turn::start(briefing, budgets, speaker());
    let (mut queries, mut requests, mut steps, mut records) = (vec![], vec![], vec![], 0);
    let mut must_record = false;
    loop {
        let effect = turn.next();
        assert_eq!(effect, turn.next(), "the effect stays the same until it is answered");
        assert!(!must_record || matches!(effect, Effect::Record { .. }), "a reply is recorded at once");
        must_record = false;
        match effect {
            Effect::Search { query, at_most } => {
                assert!((1..=5).contains(&at_most), "{at_most} results");
                turn.on(Event::Found(search(&query)));
                queries.push(query);
            }
            Effect::Ask(request) => {
                turn.on(Event::Said(model(&request)));
                requests.push(*request);
                must_record = true;
            }
            Effect::Record { first, steps: due } => {
                assert_eq!(usize::try_from(first), Ok(written), "steps are numbered without gaps");
                written += due.len();
                records += 1;
                steps.extend(due);
                turn.on(Event::Recorded);
            }
            Effect::Finish(verdict) => {
                turn.on(Event::Said(ModelTurn::default()));
                turn.on(Event::Found(Findings::default()));
                turn.on(Event::ModelFailed);
                assert_eq!(turn.next(), Effect::Finish(verdict.clone()), "a turn ends once");
                return Run { verdict: *verdict, queries, requests, steps, records };
            }
        }
    }
}
