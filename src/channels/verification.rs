//! Letters that carry a code: the port to whoever can mail them, and their text. A letter quotes nothing of any
//! conversation, because whoever named the address may not be who reads it (PROTOCOL.md 8.5).

pub mod folder;

use secrecy::{ExposeSecret, SecretString};

use super::port::ChannelFuture;
use crate::domain::contact::Email;

/// One letter to one address.
#[derive(Clone, Debug)]
pub struct VerificationMail {
    pub to: Email,
    pub code: SecretString,
    /// What the one in the chat writes (ISO 639).
    pub language: Option<String>,
}

/// Why a letter was not mailed, as far as is known; it may have been all the same.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// It may be later.
    #[error("the mail is away: {0}")]
    Away(String),
    /// It never will be.
    #[error("the mail refuses it: {0}")]
    Refused(String),
}

/// Somebody who can mail a code. The e-mail channel is one, where it is configured.
pub trait SendVerificationCode: Send + Sync {
    /// `Ok` once the letter is in somebody's keeping who brings it to its address.
    fn mail(&self, mail: VerificationMail) -> ChannelFuture<Result<(), MailError>>;
}

impl VerificationMail {
    pub fn subject(&self) -> &'static str {
        self.texts().0
    }

    pub fn body(&self) -> String {
        self.texts().1.replace("{code}", self.code.expose_secret())
    }

    fn texts(&self) -> (&'static str, &'static str) {
        let language = self.language.as_deref();
        let texts = TEXTS.iter().find(|(code, _)| Some(*code) == language).or(TEXTS.first());
        texts.map(|(_, texts)| *texts).unwrap_or_default()
    }
}

#[rustfmt::skip]
const TEXTS: &[(&str, (&str, &str))] = &[
    ("en", (
        "Your code for our support chat",
        "Somebody who is writing to our support by WhatsApp has named this e-mail address.\n\nIf that is you, write this code in the chat:\n\n{code}\n\nIt is valid for ten minutes. If it is not you, do nothing: without the code nothing happens. We never ask for it by phone or by mail.\n",
    )),
    ("de", (
        "Ihr Code für unseren Support-Chat",
        "Jemand, der unserem Support per WhatsApp schreibt, hat diese E-Mail-Adresse genannt.\n\nWenn Sie das sind, schreiben Sie diesen Code in den Chat:\n\n{code}\n\nEr gilt zehn Minuten. Wenn Sie es nicht sind, tun Sie nichts: Ohne den Code geschieht nichts. Wir fragen nie am Telefon oder per Mail danach.\n",
    )),
    ("fr", (
        "Votre code pour notre chat d'assistance",
        "Quelqu'un qui écrit à notre assistance par WhatsApp a indiqué cette adresse e-mail.\n\nSi c'est vous, écrivez ce code dans la conversation :\n\n{code}\n\nIl est valable dix minutes. Si ce n'est pas vous, ne faites rien : sans le code, il ne se passe rien. Nous ne le demandons jamais par téléphone ni par e-mail.\n",
    )),
    ("es", (
        "Su código para nuestro chat de asistencia",
        "Alguien que escribe a nuestra asistencia por WhatsApp ha indicado esta dirección de correo.\n\nSi es usted, escriba este código en el chat:\n\n{code}\n\nEs válido durante diez minutos. Si no es usted, no haga nada: sin el código no ocurre nada. Nunca lo pedimos por teléfono ni por correo.\n",
    )),
    ("pt", (
        "O seu código para o nosso chat de apoio",
        "Alguém que escreve ao nosso apoio por WhatsApp indicou este endereço de e-mail.\n\nSe for você, escreva este código no chat:\n\n{code}\n\nÉ válido por dez minutos. Se não for você, não faça nada: sem o código nada acontece. Nunca o pedimos por telefone nem por e-mail.\n",
    )),
    ("it", (
        "Il suo codice per la nostra chat di assistenza",
        "Qualcuno che scrive alla nostra assistenza su WhatsApp ha indicato questo indirizzo e-mail.\n\nSe è lei, scriva questo codice nella chat:\n\n{code}\n\nÈ valido dieci minuti. Se non è lei, non faccia nulla: senza il codice non succede nulla. Non lo chiediamo mai per telefono né per e-mail.\n",
    )),
    ("nl", (
        "Uw code voor onze supportchat",
        "Iemand die via WhatsApp aan onze support schrijft, heeft dit e-mailadres genoemd.\n\nBent u dat, schrijf dan deze code in de chat:\n\n{code}\n\nHij is tien minuten geldig. Bent u het niet, doe dan niets: zonder de code gebeurt er niets. Wij vragen er nooit om per telefoon of per mail.\n",
    )),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_has_its_code_once_and_no_other_number() {
        for language in TEXTS.iter().map(|(code, _)| Some(*code)).chain([None, Some("xx")]) {
            let mail = VerificationMail {
                to: Email::parse("ann@example.com").unwrap(),
                code: SecretString::from("012345"),
                language: language.map(str::to_owned),
            };
            let digits: String = mail.body().chars().filter(char::is_ascii_digit).collect();
            assert_eq!(digits, "012345", "{language:?}");
            assert!(!mail.subject().is_empty());
            assert!(!format!("{mail:?}").contains("012345"), "a code is never logged");
        }
    }
}
