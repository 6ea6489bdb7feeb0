//! The wish to get no more messages, and the wish to get them again. Only a message that says nothing else counts:
//! "stop the import" is a question, "STOP" is an order.

use serde::{Deserialize, Serialize};

/// What a sender orders about messages to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OptOutCommand {
    /// No more messages.
    Stop,
    /// Messages again.
    Start,
}

/// Whole messages, in lower case and without marks around them. "cancel" and "end" are left out: to a support desk
/// they are about a subscription or a setting.
const STOP: &[&str] = &[
    "stop",
    "stop all",
    "stopall",
    "stop it",
    "unsubscribe",
    "unsubscribe me",
    "opt out",
    "opt-out",
    "optout",
    "quit",
    "stop messaging me",
    "stop texting me",
    "no more messages",
    "remove me",
    "stopp",
    "abmelden",
    "abbestellen",
    "austragen",
    "keine nachrichten mehr",
    "arrêt",
    "arret",
    "arrêter",
    "arreter",
    "stopper",
    "désabonner",
    "desabonner",
    "me désabonner",
    "désinscrire",
    "se désabonner",
    "désabonnez-moi",
    "alto",
    "parar",
    "baja",
    "dar de baja",
    "darme de baja",
    "cancelar suscripción",
    "cancelar suscripcion",
    "detener",
    "no más mensajes",
    "pare",
    "sair",
    "descadastrar",
    "cancelar inscrição",
    "cancelar inscricao",
    "ferma",
    "cancellami",
    "disiscrivimi",
    "annulla iscrizione",
    "basta messaggi",
    "afmelden",
    "uitschrijven",
    "wypisz",
    "wypisz mnie",
    "rezygnuję",
    "dur",
    "abonelikten çık",
    "стоп",
    "отписаться",
    "отпишите меня",
    "відписатися",
    "إيقاف",
    "توقف",
    "إلغاء الاشتراك",
    "الغاء الاشتراك",
    "रोकें",
    "बंद करो",
    "停止",
    "配信停止",
    "退订",
    "取消订阅",
    "退訂",
    "수신거부",
    "중지",
];

const START: &[&str] = &[
    "start",
    "unstop",
    "resume",
    "subscribe",
    "opt in",
    "opt-in",
    "optin",
    "starten",
    "anmelden",
    "wieder anmelden",
    "fortsetzen",
    "démarrer",
    "demarrer",
    "reprendre",
    "réabonner",
    "commencer",
    "iniciar",
    "empezar",
    "alta",
    "reanudar",
    "comenzar",
    "voltar",
    "começar",
    "comecar",
    "inizia",
    "avvia",
    "riprendi",
    "aanmelden",
    "hervatten",
    "wznów",
    "zapisz",
    "başla",
    "başlat",
    "старт",
    "возобновить",
    "подписаться",
    "почати",
    "ابدأ",
    "ابدا",
    "शुरू",
    "开始",
    "订阅",
    "開始",
    "再開",
    "시작",
];

/// Said around an order without changing it.
const COURTESIES: &[&str] =
    &["please", "bitte", "s'il vous plaît", "svp", "por favor", "per favore", "пожалуйста"];

/// The order to get messages again that customers are told of.
pub const START_WORD: &str = "START";

/// Longer messages say something else as well.
const LONGEST_CHARS: usize = 60;

/// The wish that a whole message is, if it is one.
pub fn opt_out(text: &str) -> Option<OptOutCommand> {
    if text.chars().count() > LONGEST_CHARS {
        return None;
    }
    let mut said = text.to_lowercase().replace('’', "'");
    for courtesy in COURTESIES {
        said = said.replace(courtesy, " ");
    }
    let words: Vec<&str> = said
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .collect();
    let said = words.join(" ");
    if STOP.contains(&said.as_str()) {
        Some(OptOutCommand::Stop)
    } else if START.contains(&said.as_str()) {
        Some(OptOutCommand::Start)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_in_any_spelling_is_understood() {
        for text in
            ["STOP", "Stop.", " stop!! ", "Please stop", "Stopp bitte", "Unsubscribe", "BAJA", "Стоп", "退订"]
        {
            assert_eq!(opt_out(text), Some(OptOutCommand::Stop), "{text}");
        }
        for text in [START_WORD, "start!", "Unstop", "Старт", "开始"] {
            assert_eq!(opt_out(text), Some(OptOutCommand::Start), "{text}");
        }
    }

    #[test]
    fn a_message_that_says_more_is_no_order() {
        for text in [
            "",
            "👍",
            "How do I stop the import?",
            "stop the sync please",
            "The start page is broken",
            "I want to unsubscribe from the newsletter of my team",
            "don't stop",
            "cancel",
        ] {
            assert_eq!(opt_out(text), None, "{text}");
        }
    }

    #[test]
    fn no_phrase_is_in_both_lists_and_each_reads_back() {
        for phrase in STOP {
            assert_eq!(opt_out(phrase), Some(OptOutCommand::Stop), "{phrase}");
        }
        for phrase in START {
            assert_eq!(opt_out(phrase), Some(OptOutCommand::Start), "{phrase}");
        }
    }
}
