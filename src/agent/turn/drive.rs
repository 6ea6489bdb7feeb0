//! Test driver of the turn's state machine: performs its effects as the actor does, and checks their order.

use super::*;
use crate::agent::samples::handbook;

/// The effects and the result of a turn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TurnRun {
    verdict: Option<Verdict>,
    pub queries: Vec<String>,
    pub requests: Vec<Request>,
    /// The steps recorded in this run.
    pub steps: Vec<Step>,
    /// Number of `Record` effects.
    pub records: usize,
}

impl TurnRun {
    pub fn verdict(&self) -> &Verdict {
        self.verdict.as_ref().expect("a run ends with a verdict")
    }
}

pub fn speaker() -> Speaker {
    Speaker { model: "fake".to_owned(), prompt_version: "v1".to_owned(), instructions: String::new() }
}

/// Runs a turn to its end with fakes: the model answers by its request, a search by its query.
pub fn run(
    context: TurnContext,
    budgets: Budgets,
    mut model: impl FnMut(&Request) -> ModelTurn,
    mut search: impl FnMut(&str) -> Findings,
) -> TurnRun {
    let mut driver = TurnDriver::new(context, budgets);
    loop {
        match driver.next() {
            TurnEffect::Search { query, limit } => {
                assert!((1..=5).contains(&limit), "{limit} results");
                driver.turn.on(TurnEvent::Found(search(&query)));
                driver.run.queries.push(query);
            }
            TurnEffect::Ask(request) => {
                driver.turn.on(TurnEvent::Said(model(&request)));
                driver.run.requests.push(*request);
                driver.must_record = true;
            }
            TurnEffect::Record { first, steps } => driver.record(first, steps),
            TurnEffect::Finish(verdict) => return driver.finish(*verdict),
        }
    }
}

struct TurnDriver {
    turn: Turn,
    run: TurnRun,
    written: usize,
    must_record: bool,
}

impl TurnDriver {
    fn new(context: TurnContext, budgets: Budgets) -> Self {
        Self {
            written: context.steps.len(),
            turn: Turn::start(context, budgets, speaker(), handbook()),
            run: TurnRun::default(),
            must_record: false,
        }
    }

    fn next(&mut self) -> TurnEffect {
        let effect = self.turn.next();
        assert_eq!(effect, self.turn.next(), "the effect stays the same until it is answered");
        let records = matches!(effect, TurnEffect::Record { .. });
        assert!(records || !self.must_record, "a reply is recorded at once");
        self.must_record = false;
        effect
    }

    fn record(&mut self, first: i32, steps: Vec<Step>) {
        assert_eq!(usize::try_from(first), Ok(self.written), "steps are numbered without gaps");
        self.written += steps.len();
        self.run.records += 1;
        self.run.steps.extend(steps);
        self.turn.on(TurnEvent::Recorded);
    }

    fn finish(mut self, verdict: Verdict) -> TurnRun {
        let end = self.turn.next();
        for event in [
            TurnEvent::Said(ModelTurn::default()),
            TurnEvent::Found(Findings::default()),
            TurnEvent::ModelFailed,
        ] {
            self.turn.on(event);
            assert_eq!(self.turn.next(), end, "a turn ends once");
        }
        TurnRun { verdict: Some(verdict), ..self.run }
    }
}
