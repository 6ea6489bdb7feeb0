//! Repeated runs of the same cases: how reliable the agent is, how often it hands over what it should have answered,
//! and
//! what a turn costs.

use serde::Serialize;

use super::cases::Case;
use super::figures::{float, is_exact, share};
use super::play::Played;
use crate::domain::conversations::turn::Usage;
use crate::domain::enums::Outcome;

#[derive(Debug, PartialEq, Serialize)]
pub struct Runs {
    pub runs: usize,
    /// The share of cases whose action and reason were right in every run.
    pub pass_all: f64,
    /// The share of runs with the right action and reason.
    pub pass_one: f64,
    /// Of the runs of cases that expect an answer, the share that was escalated or left silent.
    pub over_refusal: f64,
    /// Means per turn.
    pub model_calls: f64,
    pub tokens: f64,
    pub cost_usd: f64,
    /// Of the turns that called a model at all, the share that called it once.
    pub one_call: f64,
}

impl Runs {
    pub fn of(played: &[(Case, Vec<Played>)]) -> Self {
        let all = || played.iter().flat_map(|(case, runs)| runs.iter().map(move |got| (case, got)));
        let turns = all().count();
        let right_each_time =
            played.iter().filter(|(case, runs)| runs.iter().all(|got| is_exact(case, got))).count();
        let answerable = || all().filter(|(case, _)| case.expected.action == Outcome::Answer);
        let refused = answerable().filter(|(_, got)| got.action != Outcome::Answer).count();
        let usage = all().map(|(_, got)| got.usage).fold(Usage::default(), Usage::plus);
        let calls: usize = all().map(|(_, got)| got.model_calls).sum();
        let asked = || all().filter(|(_, got)| got.model_calls > 0);
        let mean = |sum: f64| if turns == 0 { 0.0 } else { sum / float(turns) };
        Self {
            runs: played.first().map_or(0, |(_, runs)| runs.len()),
            pass_all: share(right_each_time, played.len()),
            pass_one: share(all().filter(|(case, got)| is_exact(case, got)).count(), turns),
            over_refusal: if refused == 0 { 0.0 } else { share(refused, answerable().count()) },
            model_calls: mean(float(calls)),
            tokens: mean(f64::from(usage.tokens())),
            cost_usd: mean(dollars(usage.cost_micros)),
            one_call: share(asked().filter(|(_, got)| got.model_calls == 1).count(), asked().count()),
        }
    }
}

fn dollars(micros: u64) -> f64 {
    u32::try_from(micros).map_or(f64::MAX, f64::from) / 1e6
}

impl std::fmt::Display for Runs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "runs       {} of each case: pass^{0} {:.3}, pass {:.3}, over-refusal {:.3}\n\
             turn       {:.2} model calls, {:.0} tokens, ${:.5}; one call in {:.3} of the turns that asked",
            self.runs,
            self.pass_all,
            self.pass_one,
            self.over_refusal,
            self.model_calls,
            self.tokens,
            self.cost_usd,
            self.one_call,
        )
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn case(action: &str) -> Case {
        serde_json::from_value(serde_json::json!({
            "id": "1", "channel": "email", "from": { "name": "Ann" }, "body": "",
            "expected": { "action": action, "reason": null, "sections": [] },
        }))
        .unwrap()
    }

    fn got(action: Outcome, model_calls: usize) -> Played {
        let usage = Usage { tokens_in: 900, tokens_out: 100, cost_micros: 500_000, ..Usage::default() };
        Played {
            action,
            reason: None,
            grounded: action == Outcome::Answer,
            retrieved: Vec::new(),
            latency: Duration::ZERO,
            usage,
            model_calls,
        }
    }

    #[test]
    fn a_case_passes_only_if_every_run_of_it_does() {
        let runs = Runs::of(&[
            (case("answer"), vec![got(Outcome::Answer, 1), got(Outcome::Answer, 2)]),
            (case("answer"), vec![got(Outcome::Answer, 1), got(Outcome::Silent, 1)]),
            (case("silent"), vec![got(Outcome::Silent, 0), got(Outcome::Silent, 0)]),
        ]);
        assert_eq!(
            runs,
            Runs {
                runs: 2,
                pass_all: 2.0 / 3.0,
                pass_one: 5.0 / 6.0,
                over_refusal: 0.25,
                model_calls: 5.0 / 6.0,
                tokens: 1_000.0,
                cost_usd: 0.5,
                one_call: 0.75,
            }
        );
    }
}
