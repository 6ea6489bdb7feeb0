//! Linking a chat to the customer of an e-mail address: what is known of it when a turn begins, and what a turn makes
//! of it. A model has no part in it (PROTOCOL.md 8.2).

use serde::Serialize;
use time::{Duration, OffsetDateTime};

use super::contact::Email;
use crate::domain::enums::ChallengeState;
use crate::domain::ids::ChallengeId;

/// Digits of a code.
pub const CODE_DIGITS: usize = 6;
/// Codes that may be tried against one challenge.
pub const MAX_TRIES: i16 = 5;
/// How long a code is valid after it was mailed.
pub const CODE_LIFETIME: Duration = Duration::minutes(10);
/// How long a number is taken for a code after one was asked for: long enough for one that comes too late.
pub const REMEMBERED: Duration = Duration::hours(1);
/// Codes that one customer may ask for, in an hour and in a day.
pub const ASKED_AN_HOUR: i64 = 3;
pub const ASKED_A_DAY: i64 = 5;
/// Mails with a code that one address gets, in an hour and in a day, whoever asks for them.
pub const MAILED_AN_HOUR: i64 = 3;
pub const MAILED_A_DAY: i64 = 5;

/// Whether codes can be mailed at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Offer {
    Mailed,
    #[default]
    Unavailable,
}

/// What a turn knows of linking; the default on channels that have none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Linking {
    /// Whether the channel has it.
    pub is_possible: bool,
    pub offer: Offer,
    /// The newest code that this customer asked for.
    pub challenge: Option<Challenge>,
    /// Codes that this customer asked for within the hour, and within the day.
    pub asked_an_hour: i64,
    pub asked_a_day: i64,
    /// Addresses that are proved to be this customer's.
    pub own: Vec<Email>,
    /// What a turn that has been said of it; such a turn changes nothing any more.
    pub past: Option<LinkingNotice>,
}

impl Linking {
    pub fn may_ask(&self) -> bool {
        self.asked_an_hour < ASKED_AN_HOUR && self.asked_a_day < ASKED_A_DAY
    }
}

/// A code that was requested. The code itself is nowhere but in the mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    pub id: ChallengeId,
    /// Whether it was asked for in this conversation, and is neither used up nor replaced.
    pub is_open: bool,
    /// `None` until a mail is sent, and for ever if no customer has the address.
    pub code: Option<CodeHash>,
    pub tries: i16,
    pub created_at: OffsetDateTime,
    pub expires_at: OffsetDateTime,
}

impl Challenge {
    /// Whether a code that was typed then may be right.
    pub fn takes(&self, typed_at: OffsetDateTime) -> bool {
        self.is_open && self.tries < MAX_TRIES && typed_at < self.expires_at
    }

    /// Whether a number that was typed then is taken for a code at all.
    pub fn is_remembered(&self, typed_at: OffsetDateTime) -> bool {
        typed_at < self.created_at + REMEMBERED
    }
}

/// Where a code is to be typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodePlace {
    Chat,
    /// A page of this program.
    Page,
}

/// A code as the records keep it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeHash {
    pub salt: uuid::Uuid,
    pub sha256: [u8; 32],
}

macro_rules! said {
    ($($(#[$doc:meta])* $name:ident = $word:literal),+ $(,)?) => {
        /// What a turn says of linking.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum LinkingNotice {
            $($(#[$doc])* $name),+
        }

        impl LinkingNotice {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The one spelling, as in the database.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $word),+
                }
            }

            pub fn parse_name(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$name),)+
                    _ => None,
                }
            }
        }
    };
}

said! {
    /// A code is on its way, if anybody has that address.
    Asked = "asked",
    /// That code is not right.
    Wrong = "wrong",
    /// That code is not valid any more.
    Over = "over",
    /// Too many were wrong.
    Spent = "spent",
    /// That code is right.
    Proved = "proved",
    /// Too many codes were asked for.
    Limited = "limited",
    /// This chat can't be linked by a code.
    Unavailable = "unavailable",
}

/// What a turn does about linking; committed with its reply, or not at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LinkStep {
    pub said: LinkingNotice,
    pub change: Option<Change>,
    /// What was typed as codes, as it was typed: it is made unreadable in the records.
    pub codes: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Change {
    /// A new challenge takes the place of an open one.
    Ask { challenge: ChallengeId, email: Email },
    /// So many codes have been tried by now; the last of them may be right.
    Try { challenge: ChallengeId, tries: i16, is_right: bool },
}

impl Change {
    /// The state of the challenge after this.
    pub fn state(&self) -> ChallengeState {
        match self {
            Self::Try { is_right: true, .. } => ChallengeState::Proved,
            Self::Try { tries, .. } if *tries >= MAX_TRIES => ChallengeState::Spent,
            Self::Try { .. } | Self::Ask { .. } => ChallengeState::Open,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::wording::texts::TextKey;

    const ALL: [(&str, LinkingNotice); 7] = [
        ("asked", LinkingNotice::Asked),
        ("wrong", LinkingNotice::Wrong),
        ("over", LinkingNotice::Over),
        ("spent", LinkingNotice::Spent),
        ("proved", LinkingNotice::Proved),
        ("limited", LinkingNotice::Limited),
        ("unavailable", LinkingNotice::Unavailable),
    ];

    #[test]
    fn every_notice_has_its_word_and_a_text_of_its_own() {
        for (word, said) in ALL {
            assert_eq!(LinkingNotice::parse_name(word), Some(said));
        }
        assert_eq!(LinkingNotice::parse_name("else"), None);
        let texts: BTreeSet<TextKey> = ALL.iter().map(|(_, said)| TextKey::from(*said)).collect();
        assert_eq!(texts.len(), ALL.len());
    }

    #[test]
    fn the_fifth_wrong_code_ends_a_challenge_and_a_right_one_proves_it_whenever() {
        let tried = |tries, is_right| {
            let challenge = ChallengeId(uuid::Uuid::nil());
            Change::Try { challenge, tries, is_right }.state()
        };
        assert_eq!([tried(1, false), tried(4, false)], [ChallengeState::Open; 2]);
        assert_eq!([tried(5, false), tried(6, false)], [ChallengeState::Spent; 2]);
        assert_eq!([tried(1, true), tried(5, true)], [ChallengeState::Proved; 2]);
    }
}
