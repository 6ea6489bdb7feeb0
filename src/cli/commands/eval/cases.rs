//! The cases of an evaluation, as read from a file, and the turn context of each.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use serde::{Deserialize, Serialize};

use crate::channels::email::automatic::{is_automatic_by_fields, takes_no_mail};
use crate::channels::email::message::{MailLimits, ParsedMail};
use crate::channels::language;
use crate::cli::Misuse;
use crate::clock;
use crate::domain::conversations::turn::{Consent, PoisonState, TicketBrief, TurnContext, Utterance};
use crate::domain::customers::consent::opt_out;
use crate::domain::customers::contact::Email;
use crate::domain::customers::linking::Linking;
use crate::domain::enums::{Category, Channel, Outcome, Priority, Reason, Role};
use crate::domain::messages::inquiry::TicketNumber;

/// One case; unknown fields are ignored.
#[derive(Clone, Debug, Deserialize)]
pub struct Case {
    pub id: String,
    pub channel: Channel,
    pub from: From,
    #[serde(default)]
    pub subject: Option<String>,
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    pub body: String,
    pub expected: Expected,
    #[serde(default)]
    pub split: Option<Split>,
    /// The group under which it is counted how often an answer cites documents.
    #[serde(default)]
    pub trade: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct From {
    pub name: String,
    #[serde(default)]
    pub email: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Expected {
    pub action: Outcome,
    pub reason: Option<Reason>,
    /// Any of these among the results is a hit.
    pub sections: Vec<String>,
}

/// Which cases the rules may be tuned on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Split {
    Tuning,
    HeldOut,
}

impl Split {
    /// The name in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tuning => "tuning",
            Self::HeldOut => "held-out",
        }
    }
}

pub fn read(path: &Path) -> anyhow::Result<Vec<Case>> {
    let wrong = |why: String| anyhow::Error::new(Misuse(format!("{}: {why}", path.display())));
    let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    let cases: Vec<Case> = serde_json::from_str(&text)
        .map_err(|error| wrong(error.to_string()))
        .context("the cases can't be read")?;
    let mut ids: Vec<&str> = cases.iter().map(|case| case.id.as_str()).collect();
    ids.sort_unstable();
    match ids.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(wrong(format!("two cases have the id {}", pair[0]))),
        None => Ok(cases),
    }
}

impl Case {
    /// Whether the channel would never start a turn for it.
    pub fn is_automatic(&self) -> bool {
        let one_line = |text: &str| text.replace(['\r', '\n'], " ");
        let fields =
            self.headers.iter().map(|(name, value)| format!("{}: {}\n", one_line(name), one_line(value)));
        let mail = ParsedMail::parse(fields.collect::<String>().as_bytes(), &MailLimits::default());
        let is_listed = mail.fields.all().any(|(name, _)| name.starts_with("list-"))
            || mail
                .header_values("precedence")
                .any(|value| ["bulk", "junk", "list"].contains(&value.to_lowercase().as_str()));
        let sender = self.from.email.as_deref().and_then(|email| Email::parse(email).ok());
        let is_automatic =
            is_automatic_by_fields(&mail) || is_listed || sender.is_some_and(|from| takes_no_mail(&from));
        self.channel == Channel::Email && is_automatic
    }

    /// The first turn of a new conversation with this message.
    pub fn context(&self) -> TurnContext {
        TurnContext {
            conversation: clock::new_v7().into(),
            turn: clock::new_v7().into(),
            epoch: 1,
            covers: 1,
            channel: self.channel,
            ticket: TicketBrief {
                id: clock::new_v4().into(),
                number: TicketNumber(1001),
                subject: self.subject.clone().unwrap_or_default(),
                category: Category::General,
                priority: Priority::Medium,
            },
            customer_name: self.from.name.clone(),
            unanswered: vec![self.said()],
            history: Vec::new(),
            waited: Duration::ZERO,
            steps: Vec::new(),
            poison: PoisonState::Healthy,
            language: language::detect(&self.body),
            consent: Consent::Given,
            linking: Linking::default(),
            recent_replies: 0,
            instruction: None,
            account: None,
        }
    }

    fn said(&self) -> Utterance {
        let opt_out = match self.channel {
            Channel::Whatsapp => opt_out(&self.body),
            Channel::Email | Channel::WebForm => None,
        };
        Utterance {
            role: Role::Customer,
            text: self.body.clone(),
            at: clock::now(),
            attachments: Vec::new(),
            opt_out,
            is_unsupported: false,
            unanswered: None,
        }
    }
}
