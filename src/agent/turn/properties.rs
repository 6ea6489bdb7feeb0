//! Property tests of the turn: invariants for every model behaviour and every crash point.

use proptest::prelude::*;

use super::drive::{TurnRun, run};
use super::*;
use crate::agent::samples::{call, context, passage, relevant};

const NAMES: &[&str] = &[
    "create_ticket",
    "get_customer_history",
    "search_knowledge_base",
    "escalate_to_human",
    "send_response",
    "drop_tables",
    "",
];

const INPUTS: &[&str] = &[
    "{}",
    "",
    "[1",
    "null",
    r#"{"query": "a"}"#,
    r#"{"query": "b", "max_results": 1}"#,
    r#"{"query": "b", "max_results": 99}"#,
    r#"{"reason": "legal", "severity": null, "summary": "s"}"#,
    r#"{"reason": "failure", "summary": "s"}"#,
    r#"{"message": "Done.", "citations": ["docs.md#prefetched"]}"#,
    r#"{"message": "Done.", "citations": ["docs.md#a"]}"#,
    r#"{"message": "It is $5.", "citations": ["docs.md#b"]}"#,
    r#"{"message": "Which one?", "citations": []}"#,
    r#"{"message": "See https://evil.example", "citations": []}"#,
];

fn any_reply() -> impl Strategy<Value = ModelTurn> {
    let likely_tool = proptest::sample::select(&NAMES[..3]);
    let any_tool = proptest::sample::select(NAMES);
    let name = prop_oneof![likely_tool, any_tool];
    let any_call = (0..3u8, name, proptest::sample::select(INPUTS))
        .prop_map(|(id, name, input)| call(&format!("c{id}"), name, input));
    let usage = (0..3_000u32, 0..500u32).prop_map(|(tokens_in, tokens_out)| Usage {
        tokens_in,
        tokens_out,
        ..Usage::default()
    });
    (proptest::collection::vec(any_call, 0..5), usage).prop_map(|(calls, usage)| ModelTurn {
        calls,
        usage,
        ..ModelTurn::default()
    })
}

fn any_budgets() -> impl Strategy<Value = Budgets> {
    (0..6u32, 0..8u32, 0..20_000u32).prop_map(|(model_calls, tool_calls, tokens)| Budgets {
        model_calls,
        tool_calls,
        tokens,
        ..Budgets::default()
    })
}

fn search(query: &str) -> Findings {
    let name = if query.len() == 1 { query } else { "prefetched" };
    Findings { relevant: name != "a", ..relevant(vec![passage(&format!("docs.md#{name}"), "Done.")]) }
}

/// A turn with a deterministic model: the same request gets the same reply.
fn play(steps: Vec<Step>, budgets: Budgets, replies: &[ModelTurn]) -> TurnRun {
    let mut context = context(&["Why is that?"]);
    context.steps = steps;
    let model = |request: &Request| replies[request.exchanges.len() % replies.len()].clone();
    run(context, budgets, model, search)
}

fn modelled(steps: &[Step]) -> usize {
    steps.iter().filter(|step| step.kind() == "modelled").count()
}

/// The number of recorded searches with findings, which a resumed run does not repeat.
fn searched(steps: &[Step]) -> usize {
    let has_findings = |step: &&Step| match step {
        Step::Prefetched { .. } => true,
        Step::Modelled { .. } | Step::ModelFailed => false,
        Step::ToolRan { findings, .. } => !findings.passages.is_empty(),
    };
    steps.iter().filter(has_findings).count()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_model_comes_to_one_end_within_the_budgets(
        replies in proptest::collection::vec(any_reply(), 1..7),
        budgets in any_budgets(),
    ) {
        let run = play(vec![], budgets, &replies);
        let tool_steps = run.steps.iter().filter(|step| step.kind() == "tool_ran").count();
        prop_assert!(run.requests.len() <= usize::try_from(budgets.model_calls).unwrap());
        prop_assert!(tool_steps <= usize::try_from(budgets.tool_calls).unwrap());
        prop_assert!(run.queries.len() <= 1 + tool_steps);
        prop_assert_eq!(usize::try_from(run.verdict().provenance.model_calls).unwrap(), run.requests.len());
    }

    #[test]
    fn a_turn_cut_anywhere_ends_alike_and_asks_only_for_what_was_not_recorded(
        replies in proptest::collection::vec(any_reply(), 1..7),
        budgets in any_budgets(),
    ) {
        let whole = play(vec![], budgets, &replies);
        for cut in 0..=whole.steps.len() {
            let recorded = whole.steps[..cut].to_vec();
            let rest = play(recorded.clone(), budgets, &replies);
            prop_assert_eq!(rest.verdict(), whole.verdict(), "cut after {}", cut);
            prop_assert_eq!(&rest.requests[..], &whole.requests[modelled(&recorded)..]);
            prop_assert_eq!(rest.queries.len(), whole.queries.len() - searched(&recorded));
            prop_assert_eq!(&rest.steps[..], &whole.steps[cut..]);
        }
    }
}
