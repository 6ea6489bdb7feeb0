//! Tests: reading a message is linear in its length, whatever it consists of. They count steps, not time: those of the
//! patterns and of the search for codes. The steps of `domain::wording::quotes` are not counted; it bounds its lines.

use std::time::Duration;

use proptest::prelude::*;

use super::triage::triage;
use crate::agent::linking;
use crate::agent::samples::{context, handbook};
use crate::domain::customers::linking::Offer;
use crate::domain::enums::Channel;
use crate::domain::wording::step_count;

/// Maximum steps for each character of a message: some for each line, some for each word and each pattern that it may
/// begin.
const STEPS_PER_CHAR: usize = 8;
/// Maximum characters of a message on the web form.
const MESSAGE_CHARS: usize = 10_000;

/// Pieces that made reading quadratic, or might: blank lines, closing phrases, introductions of quotes, quoted lines,
/// headers of mails, disclaimers, codes, gaps of patterns, sentences without an end.
const PIECES: &[&str] = &[
    "\n",
    "\r\n",
    " \n",
    "x\n",
    "thx\n?\n",
    "thanks,\n",
    "best\nps: x\n",
    "> ",
    ">\n",
    "> > >\n",
    "a:\n",
    "Ann wrote:\n",
    "On Tue Ann wrote:\n\n",
    "Am 3. Mai schrieb Ann:\n",
    "From: Ann\n",
    "De: x\nTo: y\n",
    "--\n",
    "-----Original Message-----\n",
    "disclaimer\n",
    "123456",
    "123 456 ",
    "a1",
    "i ",
    "i want to cancel my account and get a refund ",
    "what is the of for my your account password ",
    "stop ",
    "ok ",
    "`",
    "```\n",
    "- x\n",
    "?",
    "é",
    "😡",
    "(\"",
    "a@b.example ",
    "sent from my phone\n",
];

/// The steps that a turn takes to read this message.
fn steps(text: &str) -> usize {
    let mut context = context(&[text]);
    context.channel = Channel::Whatsapp;
    context.linking.is_possible = true;
    context.linking.offer = Offer::Mailed;
    step_count::of(|| {
        let _codes = linking::take(&mut context);
        let _judgement = triage(&context, &handbook().rules);
    })
}

fn repeated(pieces: &[&str], chars: usize) -> String {
    let piece: String = pieces.concat();
    piece.chars().cycle().take(chars).collect()
}

#[test]
fn each_kind_of_long_message_is_read_in_linear_work() {
    for piece in PIECES {
        for (head, tail) in [("", ""), ("hello there", "x"), ("Hi,\n", "\n> x")] {
            let text = format!("{head}{}{tail}", repeated(&[piece], MESSAGE_CHARS));
            let steps = steps(&text);
            assert!(steps <= STEPS_PER_CHAR * text.chars().count(), "{piece:?}: {steps} steps");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn twice_the_message_is_at_most_twice_the_work(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 1..6),
        chars in 500_usize..2_500,
    ) {
        let (once, twice) = (steps(&repeated(&pieces, chars)), steps(&repeated(&pieces, 2 * chars)));
        prop_assert!(once <= STEPS_PER_CHAR * chars, "{once} steps for {chars} characters of {pieces:?}");
        prop_assert!(twice <= 2 * once + once / 2 + 2_000, "{once} and {twice} steps for {pieces:?}");
    }
}

#[test]
#[ignore = "a measurement"]
fn how_long_each_kind_of_long_message_takes_to_read() {
    for piece in PIECES {
        let text = format!("hello there{}x", repeated(&[piece], MESSAGE_CHARS));
        let _warm = steps(&text);
        let before = processor_time();
        let _measured = steps(&text);
        println!("{:?} {piece:?}", processor_time() - before);
    }
}

/// What this thread has spent, whatever else the machine does (Linux: the first number, in nanoseconds).
fn processor_time() -> Duration {
    let spent = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(spent.split_whitespace().next().unwrap().parse().unwrap())
}
