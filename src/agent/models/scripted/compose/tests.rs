//! Tests of the extractive answers.

use proptest::prelude::*;

use super::*;

const FILES: &str = "Documents can be attached to a task. A single file may be up to 100 MB.\n\n1. Open the task.\n\
                     2. Drag files onto it.\n\nIf a file is larger than 100 MB, compress it. Deleted files stay in the \
                     trash for 30 days.";

#[test]
fn a_question_for_a_fact_gets_the_sentence_and_one_for_the_way_gets_the_steps() {
    let cases = [
        (
            Channel::Whatsapp,
            "How large can a single file be?",
            "A single file may be up to 100 MB. If a file is larger than 100 MB, compress it.",
        ),
        (
            Channel::Whatsapp,
            "attach files to task how",
            "Documents can be attached to a task. 1. Open the task.\n2. Drag files onto it.",
        ),
    ];
    for (channel, question, expected) in cases {
        assert_eq!(compose(channel, question, FILES, 1).replace("\n\n", " "), expected, "{question}");
    }
    let mail = compose(Channel::Email, "How do I attach files? They are larger than 100 MB.", FILES, 1);
    assert!(
        mail.contains("1. Open the task.\n2. Drag files onto it.") && mail.contains("compress it."),
        "{mail}"
    );
}

#[test]
fn steps_stay_steps_and_code_stays_code() {
    let section = "Call it.\n\n1. First\n   second line.\n2. Then.\n\n```\ncurl a\n```\n\nDone.";
    assert_eq!(
        compose(Channel::WebForm, "how do I call it", section, 1),
        "Call it.\n\n1. First\n   second line.\n2. Then.\n\n```\ncurl a\n```"
    );
}

#[test]
fn code_that_a_sentence_announces_comes_with_it() {
    let section =
        "Search suggests words. Add these lines to the settings:\n\n```yaml\nsuggest: true\n```\n\nSave.";
    let expected = "Search suggests words. Add these lines to the settings:\n\n```yaml\nsuggest: true\n```";
    for channel in [Channel::WebForm, Channel::Whatsapp] {
        assert_eq!(compose(channel, "how to add suggest to settings of search words", section, 1), expected);
    }
}

#[test]
fn an_answer_is_short_enough_whatever_its_section_holds() {
    let long = "word ".repeat(700);
    let code = format!("```yaml\n{}```", "key: value\n".repeat(300));
    let short = "```sh\nrun it\n```";
    for section in [
        format!("1. Create a file:\n\n   {code}\n\n2. Commit it.\n\n{short}"),
        format!("Add these lines:\n\n{code}\n\nThen run it."),
        code.clone(),
        long.clone(),
        format!("1. {long}\n2. End."),
        format!("{long}.\n\n{long}."),
    ] {
        for channel in Channel::ALL {
            let text = compose(*channel, "How do I create a file and add words?", &section, 1);
            let start: String = section.chars().take(40).collect();
            assert!(!text.is_empty() && text.chars().count() <= hard_limit(*channel), "{channel}: {start}");
        }
    }
    let steps = format!("1. Create a file:\n\n   {code}\n\n2. Commit it.\n\n{short}");
    assert_eq!(
        compose(Channel::WebForm, "how to create a file", &steps, 1),
        format!("1. Create a file:\n\n2. Commit it.\n\n{short}")
    );
}

#[test]
fn too_many_steps_are_cut_after_a_step() {
    let section: String = (1..200).map(|n| format!("{n}. Select the button.\n")).collect();
    let text = compose(Channel::Whatsapp, "how", &section, 1);
    assert!(text.chars().count() <= WHATSAPP_MAX_CHARS && text.ends_with("Select the button."), "{text}");
}

proptest! {
    /// For any section the answer is short enough and contains only statements of the section.
    #[test]
    fn an_answer_states_only_what_its_section_states(
        section in "([a-zA-Z]{1,9}[ .:\n]{1,2}|1\\. |```\n|- |ü|\\*\\*a\\*\\* ){1,300}",
        question in "([a-z]{1,9} ){0,12}\\??",
    ) {
        let section = section.trim();
        for channel in Channel::ALL {
            let text = compose(*channel, &question, section, 1);
            let known: Vec<&str> = section.split_whitespace().collect();
            prop_assert!(text.split_whitespace().all(|word| known.contains(&word)), "{text}");
        }
    }
}
