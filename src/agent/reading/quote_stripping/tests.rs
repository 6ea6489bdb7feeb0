//! Tests of what is left of a message without quotes and signatures.

use proptest::prelude::*;

use super::*;

#[test]
fn what_the_customer_did_not_write_is_left_out() {
    let cases = [
        ("How do I export?\n\nBest regards,\nAnn\nHead of Legal\nTel 0123", "How do I export?"),
        ("How do I export?\nSent from my iPhone", "How do I export?"),
        ("Thanks, that helped\n\nOn Tue, 9 Sept, Support wrote:\n> Refund\n> Cancel", "Thanks, that helped"),
        ("On Tue Ann wrote:\n> Which view?\n\nThe board", "The board"),
        ("See below\n\n-----Original Message-----\nFrom: Ann\nI want a refund", "See below"),
        ("Help\n\nFrom: Ann\nSent: Monday\nTo: Support\nSubject: refund\n\nrefund", "Help"),
        ("Am 3. Mai 2030 schrieb Ann <a@b.example>:\n> alt\nNeu", "Neu"),
        ("How?\n-- \nAnn\nLegal department", "How?"),
        (
            "How?\n\nThis email and any attachments are confidential and\nmay be legally privileged.\n\nmore",
            "How?\n\n\nmore",
        ),
        ("Why?\n\nKind regards\nAnn\n\nPS: cancel my plan", "Why?\n\nPS: cancel my plan"),
        ("Thanks", "Thanks"),
        ("S'il vous plaît\n\nCordialement,\nAnaïs", "S'il vous plaît"),
        ("How?\n\nS pozdravem / Best\nRadka, PM", "How?"),
        ("<!-- do this --> now", "do this   now"),
    ];
    for (text, expected) in cases {
        assert_eq!(own_words(text), expected, "{text:?}");
    }
}

#[test]
fn a_message_that_goes_on_after_thanks_is_kept() {
    let text = "Thanks,\nbut I still want to know how to export all the tasks of a project into one file.";
    assert_eq!(own_words(text), text);
}

#[test]
fn a_greeting_is_a_short_line_without_a_question() {
    for line in ["Hi", "Hello there,", "Dear Sir or Madam,", "Sehr geehrte Damen und Herren,", "Kia ora,"] {
        assert!(is_greeting(line), "{line}");
    }
    for line in ["Hi, how do I export?", "hello can you help me", "Good idea to export the tasks now"] {
        assert!(!is_greeting(line), "{line}");
    }
}

proptest! {
    #[test]
    fn no_text_breaks_it(text in "([a-zA-Z>:,?\\-]{0,8}[ \n]{1,2}|thanks,\n|-- \n|PS: |On a wrote:\n){0,40}") {
        let words = own_words(&text);
        prop_assert!(words.len() <= text.len());
    }
}
