//! Output guard against requests for secrets, money or access: a support agent never asks a customer for them.

use std::sync::LazyLock;

use super::grounds::Grounds;
use super::phrases::PhraseTable;
use crate::agent::canonical::Canonical;

static REQUESTS: LazyLock<PhraseTable> =
    LazyLock::new(|| PhraseTable::read(include_str!("phrases/requests.txt")));

pub fn asks_for_a_secret(text: &Canonical, grounds: &Grounds<'_>) -> bool {
    REQUESTS.find(text.readings(), grounds).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::reply::phrases::faults;
    use crate::agent::samples::{context, handbook};

    fn asks(text: &str) -> bool {
        let (context, handbook) = (context(&["Why?"]), handbook());
        asks_for_a_secret(&Canonical::of(text), &Grounds::of(&context, &[], "", &handbook))
    }

    #[test]
    fn every_line_of_the_table_is_a_pattern() {
        assert_eq!(faults(include_str!("phrases/requests.txt")), Vec::<String>::new());
    }

    #[test]
    fn a_request_for_a_secret_is_found() {
        let wrong: Vec<&str> = [
            "Please reply with your current password.",
            "Reply with your pass\u{ad}word so that I can check it.",
            "Send us the 6-digit code that you received.",
            "To verify you, tell me your date of birth and card number.",
            "What is your password?",
            "Could you share your API token with us?",
            "I need your verification code to continue.",
            "Type your password here in this chat.",
            "Your password, please?",
            "Please install AnyDesk and give me the session number.",
            "Share your screen via TeamViewer.",
            "Transfer the amount to this account.",
            "Antworten Sie mit Ihrem Passwort.",
            "Bitte nennen Sie mir den Code.",
            "Wie lautet Ihr Kennwort?",
            "Envíenos su contraseña.",
            "Responda con su código de verificación.",
            "¿Cuál es su contraseña?",
            "Répondez avec votre mot de passe.",
            "Envoyez-nous le code reçu.",
            "Quel est votre mot de passe ?",
            "rеply with your pаssword",
            "Reply with your p a s s w o r d",
        ]
        .into_iter()
        .filter(|text| !asks(text))
        .collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn entering_a_secret_on_a_page_and_keeping_it_are_no_requests() {
        let wrong: Vec<&str> = [
            "Enter your password and select Sign in.",
            "Type the new password twice, then confirm your new password.",
            "Enter the 6-digit code from your authenticator app.",
            "Never send us your password.",
            "Please do not share your verification code with anyone.",
            "Include the exact message and your email address, but never your password.",
            "We send a code to your email address.",
            "Select Send code. If the code does not arrive, tell us.",
            "Reply and tell me what you see instead.",
            "Tell me whether the login works.",
            "Create an API token under Settings and copy it.",
            "Does the code arrive by text message?",
            "Geben Sie Ihr Passwort im Feld ein.",
            "Schreiben Sie uns, wenn der Code nicht ankommt.",
            "Introduzca su contraseña y confirme su contraseña.",
            "Saisissez votre mot de passe puis validez.",
            "Choose a credit card or SEPA direct debit.",
            "Add your bank account under Payment method.",
        ]
        .into_iter()
        .filter(|text| asks(text))
        .collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
