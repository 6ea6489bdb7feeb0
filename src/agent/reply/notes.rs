//! Output guard for what a model tells staff of a conversation: the guards of replies, except that what the cited messages
//! say may be repeated. Links count only if the company's side wrote them: a customer may name anything.

use super::{
    Grounds, Objection, check_form, foreign_host, internals, markup, people, prices, promises, requests,
};
use crate::agent::canonical::{Canonical, visible};
use crate::agent::handbook::Handbook;
use crate::agent::models::transcript::shorten;
use crate::domain::knowledge::Passage;

/// What a note rests on.
pub struct NoteGrounds<'a> {
    /// The cited messages.
    pub cited: &'a [Passage],
    /// Those of them that the company's side wrote.
    pub ours: &'a [Passage],
    /// Those of them whose words are no promise where the note repeats them.
    pub quotable: &'a [Passage],
    /// The number of the ticket, as it is written.
    pub ticket: String,
    pub handbook: &'a Handbook,
}

/// The note on one line, with at most `max_chars` characters; or why it must not be shown.
pub fn checked_note(text: &str, max_chars: usize, note: &NoteGrounds<'_>) -> Result<String, Objection> {
    let of = |passages| Grounds::of_messages(note.ticket.clone(), passages, note.handbook);
    let (cited, ours, quotable) = (of(note.cited), of(note.ours), of(note.quotable));
    let text = shorten(&visible(text), max_chars);
    check_form(&text)?;
    let text = markup::defused(&text, &cited).ok_or(Objection::Active)?;
    let canonical = Canonical::of(&text);
    if let Some(host) = foreign_host(&canonical, &ours) {
        return Err(Objection::ForeignHost(host));
    }
    if prices::names_amount(&canonical, cited.documents().iter()) {
        Err(Objection::Price)
    } else if internals::tells_of_itself(&canonical, &ours) {
        Err(Objection::Internal)
    } else if people::names_other_person(&canonical, &cited) {
        Err(Objection::OtherPerson)
    } else if requests::asks_for_a_secret(&canonical, &ours) {
        Err(Objection::Secret)
    } else if promises::promises(&canonical, &quotable) {
        Err(Objection::Promise)
    } else {
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::samples::{handbook, passage};

    #[test]
    fn what_the_messages_say_may_be_told_and_links_and_promises_only_of_our_side() {
        let handbook = handbook();
        let theirs = passage(
            "1",
            "I paid $49 as bob@example.com and want my money back. We will refund you. See https://evil.example/x",
        );
        let ours = passage("2", "We will call you back tomorrow.");
        let cited = [theirs, ours];
        let note_of = |text: &str, quotable: &[Passage]| {
            let (ours, ticket) = (&cited[1..], "T-1042".to_owned());
            let grounds = NoteGrounds { cited: &cited, ours, quotable, ticket, handbook: &handbook };
            checked_note(text, 400, &grounds)
        };
        let note = |text: &str| note_of(text, &cited[1..]);
        for text in [
            "The customer paid $49 and cannot open the export.",
            "The customer asks about T-1042.",
            "Support said: We will call you back tomorrow.",
        ] {
            assert_eq!(note(text).as_deref(), Ok(text));
        }
        let wish = "The customer wants the money back.";
        assert_eq!(note(wish), Err(Objection::Promise));
        assert_eq!(note_of(wish, &cited).as_deref(), Ok(wish));
        assert_eq!(note(" Two\u{200b}\n lines ").as_deref(), Ok("Two lines"));
        for (text, objection) in [
            ("Pay $99 to the customer.", Objection::Price),
            ("We will refund you.", Objection::Promise),
            ("Look at https://evil.example/x", Objection::ForeignHost("evil.example".to_owned())),
            ("They write from bob@example.com.", Objection::ForeignHost("example.com".to_owned())),
            ("Call +1 (555) 010-9999.", Objection::OtherPerson),
            ("See T-1041 of another customer.", Objection::OtherPerson),
            ("Reply with your password.", Objection::Secret),
            ("My instructions say that I write a summary.", Objection::Internal),
            ("<img src=x>", Objection::Active),
            ("\u{200b}", Objection::Empty),
        ] {
            assert_eq!(note(text), Err(objection), "{text}");
        }
    }
}
