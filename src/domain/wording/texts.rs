//! Message catalogue: which texts customers get, what is filled into each, and its translations. The wording itself is
//! in `context/texts/`, one file per language; this module holds none.

use std::collections::BTreeMap;

use crate::domain::customers::consent::OptOutCommand;
use crate::domain::customers::linking::LinkingNotice;
use crate::domain::enums::TicketStatus;

/// The language that the others fall back to (ISO 639).
pub const ENGLISH: &str = "en";

/// Where a text is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextForm {
    /// A message in a chat.
    Chat,
    /// The subject of a mail.
    Subject,
    /// The text of a mail.
    Mail,
    /// Part of a message.
    Sentence,
    /// Part of a sentence.
    Phrase,
}

impl TextForm {
    /// Before placeholders are filled in.
    pub fn max_chars(self) -> usize {
        match self {
            // One short message (DESIGN.md, the agent).
            Self::Chat => 300,
            // With its header it fits on one line of 78 characters (RFC 5322, 2.1.1).
            Self::Subject => 69,
            // Of a whole mail (DESIGN.md, the agent).
            Self::Mail => 2_000,
            Self::Sentence => 200,
            Self::Phrase => 60,
        }
    }

    pub fn has_paragraphs(self) -> bool {
        match self {
            Self::Mail => true,
            Self::Chat | Self::Subject | Self::Sentence | Self::Phrase => false,
        }
    }
}

/// Languages that a text exists in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// That of the customer: every file has the text.
    EveryLanguage,
    /// That of the brand voice and the documents: only the English file has the text.
    EnglishOnly,
}

/// What every wording of a text must keep to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextSpec {
    /// As files name the text.
    pub name: &'static str,
    /// Names of the placeholders: each is written as `{name}`, at least once, and there are no others.
    pub placeholders: &'static [&'static str],
    pub form: TextForm,
    pub scope: Scope,
}

macro_rules! texts {
    ($($(#[$doc:meta])* $key:ident = $name:literal [$($placeholder:literal),*] $form:ident $scope:ident;)+) => {
        /// A text that customers get.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum TextKey {
            $($(#[$doc])* $key),+
        }

        impl TextKey {
            pub const ALL: &'static [Self] = &[$(Self::$key),+];

            pub fn spec(self) -> TextSpec {
                match self {
                    $(Self::$key => TextSpec {
                        name: $name,
                        placeholders: &[$($placeholder),*],
                        form: TextForm::$form,
                        scope: Scope::$scope,
                    },)+
                }
            }
        }
    };
}

texts! {
    /// A code was mailed, if the address is known; the text must not say whether it is.
    CodeSent = "linking.code_sent" [] Chat EveryLanguage;
    CodeWrong = "linking.code_wrong" [] Chat EveryLanguage;
    CodeExpired = "linking.code_expired" [] Chat EveryLanguage;
    /// Too many incorrect attempts.
    AttemptsSpent = "linking.attempts_spent" [] Chat EveryLanguage;
    AddressConfirmed = "linking.address_confirmed" [] Chat EveryLanguage;
    TooManyCodes = "linking.too_many_codes" [] Chat EveryLanguage;
    LinkingUnavailable = "linking.unavailable" [] Chat EveryLanguage;
    /// Confirms an opt-out; `{start}` is the word that ends it.
    OptedOut = "consent.opted_out" ["start"] Chat EveryLanguage;
    OptedIn = "consent.opted_in" [] Chat EveryLanguage;
    /// One sentence, sent once: the provider could not pass on what the customer sent.
    UnsupportedMessage = "chat.unsupported_message" [] Chat EveryLanguage;
    VerificationSubject = "verification_mail.subject" [] Subject EveryLanguage;
    /// Holds no other number than the code.
    VerificationBody = "verification_mail.body" ["code"] Mail EveryLanguage;
    /// The same for a code that is typed on a page.
    PageCodeSubject = "verification_mail.page_subject" [] Subject EveryLanguage;
    PageCodeBody = "verification_mail.page_body" ["code"] Mail EveryLanguage;
    /// Above the list of a customer's other tickets.
    OtherTickets = "account.tickets" [] Sentence EveryLanguage;
    NoOtherTickets = "account.none" [] Sentence EveryLanguage;
    /// What a ticket's status means to its customer.
    TicketOpen = "account.open" [] Phrase EveryLanguage;
    TicketAnswered = "account.waiting_customer" [] Phrase EveryLanguage;
    TicketEscalated = "account.escalated" [] Phrase EveryLanguage;
    TicketInProgress = "account.in_progress" [] Phrase EveryLanguage;
    TicketResolved = "account.resolved" [] Phrase EveryLanguage;
    TicketClosed = "account.closed" [] Phrase EveryLanguage;
    /// The answer to a customer who may harm themselves; a person is notified at once.
    Distress = "care.distress" [] Chat EveryLanguage;
    /// The answer to praise.
    Praise = "care.praise" [] Chat EveryLanguage;
    /// The answer to "that did not work": asks for what a person would need to know, too.
    NotHelped = "dialogue.not_helped" [] Chat EnglishOnly;
    /// The answer to "hello?" and the like after an answer.
    StillHere = "dialogue.still_here" [] Chat EnglishOnly;
    /// Names a question that an answer leaves open.
    LeftOpen = "dialogue.left_open" ["question"] Sentence EnglishOnly;
    /// Above the answer to one of several questions.
    About = "dialogue.about" ["question"] Sentence EnglishOnly;
    /// The answer to a submission, and when to expect one to the request.
    SubmissionReceived = "web_form.received" [] Sentence EnglishOnly;
    SubmissionAnswerTime = "web_form.answer_time" [] Phrase EnglishOnly;
    /// Acknowledges an escalation; begins with the opening of its reason in the brand voice.
    Acknowledgement = "acknowledgement.message" ["opening", "ticket", "place", "time", "hours"] Sentence EnglishOnly;
    PlaceEmail = "acknowledgement.place_email" [] Phrase EnglishOnly;
    PlaceWhatsapp = "acknowledgement.place_whatsapp" [] Phrase EnglishOnly;
    PlaceWebForm = "acknowledgement.place_web_form" [] Phrase EnglishOnly;
    DayRange = "acknowledgement.day_range" ["first", "last"] Phrase EnglishOnly;
    Hours = "acknowledgement.hours" ["days", "from", "to", "zone"] Phrase EnglishOnly;
    HoursOpen = "acknowledgement.hours_open" ["hours"] Sentence EnglishOnly;
    /// Outside of the support hours.
    HoursClosed = "acknowledgement.hours_closed" ["hours", "back"] Sentence EnglishOnly;
    BackToday = "acknowledgement.back_today" ["time"] Phrase EnglishOnly;
    BackTomorrow = "acknowledgement.back_tomorrow" ["time"] Phrase EnglishOnly;
    BackWeekday = "acknowledgement.back_weekday" ["weekday", "time"] Phrase EnglishOnly;
    BackDate = "acknowledgement.back_date" ["weekday", "date", "time"] Phrase EnglishOnly;
    /// What the offline model says of files that came without words, before its question about them.
    FileReceived = "files.received_one" ["file"] Sentence EnglishOnly;
    FilesReceived = "files.received_several" ["count"] Sentence EnglishOnly;
    FileQuestion = "files.question" [] Sentence EnglishOnly;
}

impl From<LinkingNotice> for TextKey {
    fn from(said: LinkingNotice) -> Self {
        match said {
            LinkingNotice::Asked => Self::CodeSent,
            LinkingNotice::Wrong => Self::CodeWrong,
            LinkingNotice::Over => Self::CodeExpired,
            LinkingNotice::Spent => Self::AttemptsSpent,
            LinkingNotice::Proved => Self::AddressConfirmed,
            LinkingNotice::Limited => Self::TooManyCodes,
            LinkingNotice::Unavailable => Self::LinkingUnavailable,
        }
    }
}

impl From<TicketStatus> for TextKey {
    fn from(status: TicketStatus) -> Self {
        match status {
            TicketStatus::Open => Self::TicketOpen,
            TicketStatus::WaitingCustomer => Self::TicketAnswered,
            TicketStatus::Escalated => Self::TicketEscalated,
            TicketStatus::InProgress => Self::TicketInProgress,
            TicketStatus::Resolved => Self::TicketResolved,
            TicketStatus::Closed => Self::TicketClosed,
        }
    }
}

/// The confirmation of an order.
impl From<OptOutCommand> for TextKey {
    fn from(opt_out: OptOutCommand) -> Self {
        match opt_out {
            OptOutCommand::Stop => Self::OptedOut,
            OptOutCommand::Start => Self::OptedIn,
        }
    }
}

/// Every text in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording(Vec<String>);

impl Wording {
    pub fn new(text: impl FnMut(TextKey) -> String) -> Self {
        Self(TextKey::ALL.iter().copied().map(text).collect())
    }

    pub fn get(&self, key: TextKey) -> &str {
        self.0.get(key as usize).map(String::as_str).unwrap_or_default()
    }
}

/// The catalogue: English, and translations by their ISO 639 codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Texts {
    english: Wording,
    translations: BTreeMap<String, Wording>,
}

impl Texts {
    pub fn new(english: Wording, translations: BTreeMap<String, Wording>) -> Self {
        Self { english, translations }
    }

    /// A text in a customer's language; in English where that is unknown or has no translation.
    pub fn get(&self, key: TextKey, language: Option<&str>) -> &str {
        let translation = language.and_then(|language| self.translations.get(language));
        translation.unwrap_or(&self.english).get(key)
    }

    /// The same with its placeholders filled in, by their names.
    pub fn fill(&self, key: TextKey, language: Option<&str>, values: &[(&str, &str)]) -> String {
        fill(self.get(key, language), values)
    }

    /// The codes of the languages, English first.
    pub fn languages(&self) -> Vec<&str> {
        std::iter::once(ENGLISH).chain(self.translations.keys().map(String::as_str)).collect()
    }
}

/// In one pass, so that no value is taken for a placeholder.
fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let value = values.iter().find_map(|(name, value)| {
            let rest = after.strip_prefix(name)?.strip_prefix('}')?;
            Some((*value, rest))
        });
        let (value, after) = value.unwrap_or(("{", after));
        filled.push_str(value);
        rest = after;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_never_taken_for_a_placeholder() {
        let filled = fill("{name}, {x} {code}{", &[("name", "{code}"), ("code", "1")]);
        assert_eq!(filled, "{code}, {x} 1{");
    }

    #[test]
    fn keys_have_their_place_and_names_of_their_own() {
        for (place, key) in TextKey::ALL.iter().enumerate() {
            assert_eq!(*key as usize, place, "{key:?}");
            assert!(TextKey::ALL.iter().all(|other| other == key || other.spec().name != key.spec().name));
        }
    }

    #[test]
    fn a_text_is_in_the_language_asked_for_or_else_in_english() {
        let wording = |language: &'static str| Wording::new(|key| format!("{language} {}", key.spec().name));
        let texts = Texts::new(wording("en"), [("de".to_owned(), wording("de"))].into());
        for (language, expected) in [
            (Some("de"), "de consent.opted_in"),
            (Some("xx"), "en consent.opted_in"),
            (None, "en consent.opted_in"),
        ] {
            assert_eq!(texts.get(TextKey::OptedIn, language), expected);
        }
    }
}
