//! Drives a turn as the actor does, for the tests; it checks the order of effects on its way.

use super::*;
use crate::agent::samples::handbook;

/// What a turn did and came to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Run {
    verdict: Option<Verdict>,
    pub queries: Vec<String>,
    pub requests: Vec<Request>,
    /// The steps recorded in this run.
    pub steps: Vec<Step>,
    /// How many times something was recorded.
    pub records: usize,
}

impl Run {
    pub fn verdict(&self) -> &Verdict {
        self.verdict.as_ref().expect("a run ends with a verdict")
    }
}

pub fn speaker() -> Speaker {
    Speaker { model: "fake".to_owned(), prompt_version: "v1".to_owned(), instructions: String::new() }
}

/// Runs a turn to its end. The model answers by what it was asked, a search by its query.
pub fn run(
    briefing: Briefing,
    budgets: Budgets,
    mut model: impl FnMut(&Request) -> ModelTurn,
    mut search: impl FnMut(&str) -> Findings,
) -> Run {
    let mut driver = Driver::new(briefing, budgets);
    loop {
        match driver.next() {
            Effect::Search { query, at_most } => {
                assert!((1..=5).contains(&at_most), "{at_most} results");
                driver.turn.on(Event::Found(search(&query)));
                driver.run.queries.push(query);
            }
            Effect::Ask(request) => {
                driver.turn.on(Event::Said(model(&request)));
                driver.run.requests.push(*request);
                driver.must_record = true;
            }
            Effect::Record { first, steps } => driver.record(first, steps),
            Effect::Finish(verdict) => return driver.finish(*verdict),
        }
    }
}

struct Driver {
    turn: Turn,
    run: Run,
    written: usize,
    must_record: bool,
}

impl Driver {
    fn new(briefing: Briefing, budgets: Budgets) -> Self {
        Self {
            written: briefing.steps.len(),
            turn: Turn::start(briefing, budgets, speaker(), handbook()),
            run: Run::default(),
            must_record: false,
        }
    }

    fn next(&mut self) -> Effect {
        let effect = self.turn.next();
        assert_eq!(effect, self.turn.next(), "the effect stays the same until it is answered");
        let records = matches!(effect, Effect::Record { .. });
        assert!(records || !self.must_record, "a reply is recorded at once");
        self.must_record = false;
        effect
    }

    fn record(&mut self, first: i32, steps: Vec<Step>) {
        assert_eq!(usize::try_from(first), Ok(self.written), "steps are numbered without gaps");
        self.written += steps.len();
        self.run.records += 1;
        self.run.steps.extend(steps);
        self.turn.on(Event::Recorded);
    }

    fn finish(mut self, verdict: Verdict) -> Run {
        let end = self.turn.next();
        for event in
            [Event::Said(ModelTurn::default()), Event::Found(Findings::default()), Event::ModelFailed]
        {
            self.turn.on(event);
            assert_eq!(self.turn.next(), end, "a turn ends once");
        }
        Run { verdict: Some(verdict), ..self.run }
    }
}
