//! Verification mails: the port to a sender of them, and their text. A verification mail quotes nothing from any
//! conversation, because its recipient may not be the person who gave the address (PROTOCOL.md 8.5).

pub mod folder;

use secrecy::{ExposeSecret, SecretString};

use super::port::ChannelFuture;
use crate::domain::customers::contact::Email;
use crate::domain::customers::linking::CodePlace;
use crate::domain::wording::texts::{TextKey, Texts};

/// One verification mail to one address.
#[derive(Clone, Debug)]
pub struct VerificationMail {
    pub to: Email,
    pub subject: String,
    /// Contains the code.
    pub body: SecretString,
}

/// Why a mail was not sent, as far as is known; it may have been sent all the same.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// A transient failure: a retry may succeed.
    #[error("the mail server is not available: {0}")]
    Unavailable(String),
    /// A permanent failure: retrying cannot succeed.
    #[error("the mail server refuses the mail: {0}")]
    Refused(String),
}

/// A sender of verification mails. The e-mail channel is one, where it is configured.
pub trait SendVerificationCode: Send + Sync {
    /// `Ok` once a mail server has accepted the mail.
    fn mail(&self, mail: VerificationMail) -> ChannelFuture<Result<(), MailError>>;
}

impl VerificationMail {
    /// A mail in the language of the person who asked for the code (ISO 639).
    pub fn new(
        to: Email,
        code: &SecretString,
        place: CodePlace,
        texts: &Texts,
        language: Option<&str>,
    ) -> Self {
        let (subject, body) = match place {
            CodePlace::Chat => (TextKey::VerificationSubject, TextKey::VerificationBody),
            CodePlace::Page => (TextKey::PageCodeSubject, TextKey::PageCodeBody),
        };
        let subject = texts.get(subject, language).to_owned();
        let values = [("code", code.expose_secret())];
        let body = format!("{}\n", texts.fill(body, language, &values));
        Self { to, subject, body: body.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::wording::texts::Wording;

    #[test]
    fn a_mail_holds_its_code_which_no_log_shows() {
        let wording = |language: &'static str| {
            Wording::new(|key| {
                let mark = if key == TextKey::VerificationBody { " {code}" } else { "" };
                format!("{language} {}{mark}", key.spec().name)
            })
        };
        let texts = Texts::new(wording("en"), [("de".to_owned(), wording("de"))].into());
        let code = SecretString::from("012345");
        for (language, word) in [(None, "en"), (Some("xx"), "en"), (Some("de"), "de")] {
            let to = Email::parse("ann@example.com").unwrap();
            let mail = VerificationMail::new(to, &code, CodePlace::Chat, &texts, language);
            assert_eq!(mail.subject, format!("{word} verification_mail.subject"));
            assert_eq!(mail.body.expose_secret(), format!("{word} verification_mail.body 012345\n"));
            assert!(!format!("{mail:?}").contains("012345"), "a code is never logged");
        }
    }
}
