//! The report of an evaluation: accuracy of actions, retrieval quality, and latency.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use serde::Serialize;

use super::cases::{Case, Expected, Split};
use super::figures::{float, is_exact, share};
use super::play::Played;
use super::runs::Runs;
use crate::domain::enums::{Outcome, Reason};

/// A case counts as a failure unless an expected section is among this many results.
const FOUND_LIMIT: usize = 3;

#[derive(Debug, Serialize)]
pub struct Report {
    pub cases: usize,
    pub triage: TriageReport,
    pub retrieval: Retrieval,
    /// How many answers cite documents: of all cases, of each trade, and of each split of a trade.
    pub grounded: BTreeMap<String, GroundedShare>,
    pub latency_ms: Latency,
    pub failures: Vec<FailedCase>,
    /// The same figures for each split.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub splits: BTreeMap<&'static str, EvalFigures>,
    /// Figures over all runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runs: Option<Runs>,
}

/// The figures that thresholds apply to.
#[derive(Debug, PartialEq, Serialize)]
pub struct EvalFigures {
    pub cases: usize,
    pub accuracy: f64,
    /// Cases that name sections.
    pub with_sections: usize,
    pub hit3: f64,
}

#[derive(Debug, Serialize)]
pub struct TriageReport {
    /// The share of cases with the expected action.
    pub accuracy: f64,
    /// The share of cases with the expected action and reason.
    pub reason_accuracy: f64,
    pub confusion: BTreeMap<&'static str, BTreeMap<&'static str, usize>>,
}

/// Of the cases that name sections: the share where one was first, or among the first three or five, and the mean
/// reciprocal rank of the best one.
#[derive(Debug, Serialize)]
pub struct Retrieval {
    pub cases: usize,
    pub hit1: f64,
    pub hit3: f64,
    pub hit5: f64,
    pub mrr: f64,
}

#[derive(Debug, Serialize)]
pub struct GroundedShare {
    pub cases: usize,
    pub share: f64,
}

#[derive(Debug, Serialize)]
pub struct Latency {
    pub p50: f64,
    pub p95: f64,
}

#[derive(Debug, Serialize)]
pub struct FailedCase {
    pub id: String,
    pub expected: Expected,
    pub got: Got,
}

#[derive(Debug, Serialize)]
pub struct Got {
    pub action: Outcome,
    pub reason: Option<Reason>,
    /// What was retrieved, best first.
    pub sections: Vec<String>,
}

impl Report {
    pub fn of(played: Vec<(Case, Played)>) -> Self {
        let count = played.len();
        let right = played.iter().filter(|(case, got)| got.action == case.expected.action).count();
        let exact = played.iter().filter(|(case, got)| is_exact(case, got)).count();
        Self {
            cases: count,
            triage: TriageReport {
                accuracy: share(right, count),
                reason_accuracy: share(exact, count),
                confusion: confusion(&played),
            },
            retrieval: Retrieval::of(played.iter()),
            grounded: grounded(&played),
            splits: splits(&played),
            latency_ms: Latency::of(played.iter().map(|(_, got)| got.latency).collect()),
            failures: played.into_iter().filter_map(|(case, got)| failure(case, got)).collect(),
            runs: None,
        }
    }

    /// As text for people.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let TriageReport { accuracy, reason_accuracy, confusion } = &self.triage;
        // Writing to a String does not fail.
        let _ = writeln!(
            text,
            "{} cases\n\ntriage     accuracy {accuracy:.3}, with the reason {reason_accuracy:.3}\n",
            self.cases
        );
        let names: Vec<&str> = Outcome::ALL.iter().map(|outcome| outcome.as_str()).collect();
        let _ = writeln!(text, "  {:<20}{:>10}{:>10}{:>10}", "expected \\ got", names[0], names[1], names[2]);
        for (expected, got) in confusion {
            let _ = write!(text, "  {expected:<20}");
            for name in &names {
                let _ = write!(text, "{:>10}", got.get(name).copied().unwrap_or(0));
            }
            text.push('\n');
        }
        let Retrieval { cases, hit1, hit3, hit5, mrr } = &self.retrieval;
        let _ = writeln!(
            text,
            "\nretrieval  {cases} cases: hit@1 {hit1:.3}, hit@3 {hit3:.3}, hit@5 {hit5:.3}, MRR {mrr:.3}\n\
             latency    p50 {:.0} ms, p95 {:.0} ms\n",
            self.latency_ms.p50, self.latency_ms.p95
        );
        text.push_str(&grounded_text(&self.grounded));
        for (split, EvalFigures { cases, accuracy, with_sections, hit3 }) in &self.splits {
            let _ = writeln!(
                text,
                "{split:<10} {cases} cases: accuracy {accuracy:.3}; {with_sections} with sections: hit@3 {hit3:.3}"
            );
        }
        if !self.splits.is_empty() {
            text.push('\n');
        }
        if let Some(runs) = &self.runs {
            let _ = writeln!(text, "{runs}\n");
        }
        for failure in &self.failures {
            let _ = writeln!(text, "{failure}");
        }
        text
    }
}

impl std::fmt::Display for FailedCase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let reason = |reason: Option<Reason>| reason.map(|reason| format!(" ({reason})")).unwrap_or_default();
        let Self { id, expected, got } = self;
        write!(
            f,
            "{id}: expected {}{} {}, got {}{}, retrieved {}",
            expected.action,
            reason(expected.reason),
            expected.sections.join(" or "),
            got.action,
            reason(got.reason),
            got.sections.join(", ")
        )
    }
}

fn confusion(played: &[(Case, Played)]) -> BTreeMap<&'static str, BTreeMap<&'static str, usize>> {
    let mut confusion = BTreeMap::<_, BTreeMap<_, _>>::new();
    for (case, got) in played {
        let row = confusion.entry(case.expected.action.as_str()).or_default();
        *row.entry(got.action.as_str()).or_default() += 1;
    }
    confusion
}

/// Rank of the first expected section among the results, from 0.
fn place(expected: &Expected, retrieved: &[String]) -> Option<usize> {
    retrieved.iter().position(|id| expected.sections.contains(id))
}

impl Retrieval {
    fn of<'a>(played: impl Iterator<Item = &'a (Case, Played)>) -> Self {
        let places: Vec<Option<usize>> = played
            .filter(|(case, _)| !case.expected.sections.is_empty())
            .map(|(case, got)| place(&case.expected, &got.retrieved))
            .collect();
        let cases = places.len();
        let hit =
            |within: usize| share(places.iter().flatten().filter(|place| **place < within).count(), cases);
        let ranks: f64 = places.iter().flatten().map(|place| 1.0 / (float(*place) + 1.0)).sum();
        let mrr = if cases == 0 { 1.0 } else { ranks / float(cases) };
        Self { cases, hit1: hit(1), hit3: hit(3), hit5: hit(5), mrr }
    }
}

fn splits(played: &[(Case, Played)]) -> BTreeMap<&'static str, EvalFigures> {
    [Split::Tuning, Split::HeldOut]
        .into_iter()
        .filter_map(|split| {
            let of_split = || played.iter().filter(move |(case, _)| case.split == Some(split));
            let cases = of_split().count();
            let right = of_split().filter(|(case, got)| got.action == case.expected.action).count();
            let retrieval = Retrieval::of(of_split());
            let figures = EvalFigures {
                cases,
                accuracy: share(right, cases),
                with_sections: retrieval.cases,
                hit3: retrieval.hit3,
            };
            (cases > 0).then_some((split.as_str(), figures))
        })
        .collect()
}

fn grounded_text(grounded: &BTreeMap<String, GroundedShare>) -> String {
    let lines = grounded.iter().map(|(group, GroundedShare { cases, share })| {
        format!("answered from the documents: {group}, {cases} cases: {share:.3}\n")
    });
    lines.collect()
}

fn grounded(played: &[(Case, Played)]) -> BTreeMap<String, GroundedShare> {
    let mut counts = BTreeMap::<String, (usize, usize)>::new();
    for (case, got) in played {
        let trade = case.trade.clone();
        let part =
            trade.as_ref().zip(case.split).map(|(trade, split)| format!("{trade}, {}", split.as_str()));
        for group in ["all".to_owned()].into_iter().chain(trade).chain(part) {
            let (grounded, cases) = counts.entry(group).or_default();
            *grounded += usize::from(got.grounded);
            *cases += 1;
        }
    }
    let shares = counts.into_iter();
    shares
        .map(|(group, (grounded, cases))| (group, GroundedShare { cases, share: share(grounded, cases) }))
        .collect()
}

impl Latency {
    fn of(mut latencies: Vec<Duration>) -> Self {
        latencies.sort_unstable();
        // Nearest-rank percentile.
        let percentile = |percent: usize| {
            let rank = (latencies.len() * percent).div_ceil(100).saturating_sub(1);
            latencies.get(rank).map_or(0.0, |latency| latency.as_secs_f64() * 1e3)
        };
        Self { p50: percentile(50), p95: percentile(95) }
    }
}

fn failure(case: Case, got: Played) -> Option<FailedCase> {
    let is_found = case.expected.sections.is_empty()
        || place(&case.expected, &got.retrieved).is_some_and(|place| place < FOUND_LIMIT);
    if is_exact(&case, &got) && is_found {
        return None;
    }
    let Played { action, reason, retrieved, .. } = got;
    Some(FailedCase {
        id: case.id,
        expected: case.expected,
        got: Got { action, reason, sections: retrieved },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(id: &str, action: &str, reason: Option<&str>, sections: &[&str]) -> Case {
        serde_json::from_value(serde_json::json!({
            "id": id, "channel": "email", "from": { "name": "Ann" }, "body": "", "mood": "ignored",
            "expected": { "action": action, "reason": reason, "sections": sections },
        }))
        .unwrap()
    }

    fn played(action: Outcome, reason: Option<Reason>, retrieved: &[&str], latency_ms: u64) -> Played {
        Played {
            action,
            reason,
            grounded: action == Outcome::Answer,
            retrieved: retrieved.iter().map(|id| (*id).to_owned()).collect(),
            latency: Duration::from_millis(latency_ms),
            usage: crate::domain::conversations::turn::Usage::default(),
            model_calls: 0,
        }
    }

    #[test]
    fn each_split_has_its_own_figures() {
        let of = |split: &str, id: &str, sections: &[&str]| Case {
            split: Some(serde_json::from_value(split.into()).unwrap()),
            ..case(id, "answer", None, sections)
        };
        let report = Report::of(vec![
            (of("tuning", "1", &["a"]), played(Outcome::Answer, None, &["a"], 1)),
            (of("held-out", "2", &["b"]), played(Outcome::Silent, None, &["x"], 1)),
            (of("held-out", "3", &[]), played(Outcome::Answer, None, &[], 1)),
        ]);
        let figures =
            |cases, accuracy, with_sections, hit3| EvalFigures { cases, accuracy, with_sections, hit3 };
        let expected = [("held-out", figures(2, 0.5, 1, 0.0)), ("tuning", figures(1, 1.0, 1, 1.0))];
        assert_eq!(report.splits, expected.into());
        let text = report.text();
        assert!(text.contains("held-out   2 cases: accuracy 0.500; 1 with sections: hit@3 0.000"), "{text}");
    }

    #[test]
    fn actions_reasons_and_places_are_counted_each_for_itself() {
        let report = Report::of(vec![
            (case("1", "answer", None, &["a"]), played(Outcome::Answer, None, &["a"], 1)),
            (case("2", "answer", None, &["b", "c"]), played(Outcome::Silent, None, &["x", "c"], 2)),
            (case("3", "answer", None, &["d"]), played(Outcome::Answer, None, &["x", "y", "z", "d"], 3)),
            (
                case("4", "escalate", Some("refund"), &[]),
                played(Outcome::Escalate, Some(Reason::Pricing), &[], 100),
            ),
        ]);
        assert_eq!(
            serde_json::to_value(&report).unwrap(),
            serde_json::json!({
                "cases": 4,
                "triage": {
                    "accuracy": 0.75,
                    "reason_accuracy": 0.5,
                    "confusion": { "answer": { "answer": 2, "silent": 1 }, "escalate": { "escalate": 1 } },
                },
                "retrieval": { "cases": 3, "hit1": 1.0 / 3.0, "hit3": 2.0 / 3.0, "hit5": 1.0, "mrr": 1.75 / 3.0 },
                "grounded": { "all": { "cases": 4, "share": 0.5 } },
                "latency_ms": { "p50": 2.0, "p95": 100.0 },
                "failures": [
                    {
                        "id": "2",
                        "expected": { "action": "answer", "reason": null, "sections": ["b", "c"] },
                        "got": { "action": "silent", "reason": null, "sections": ["x", "c"] },
                    },
                    {
                        "id": "3",
                        "expected": { "action": "answer", "reason": null, "sections": ["d"] },
                        "got": { "action": "answer", "reason": null, "sections": ["x", "y", "z", "d"] },
                    },
                    {
                        "id": "4",
                        "expected": { "action": "escalate", "reason": "refund", "sections": [] },
                        "got": { "action": "escalate", "reason": "pricing", "sections": [] },
                    },
                ],
            })
        );
    }
}
