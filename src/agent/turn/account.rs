//! Account-bound answers: a proved customer who asks for their tickets gets the list of them. No model is called, so that
//! it can leave out or invent none.

use crate::agent::models::transcript::shorten;
use crate::agent::reading::patterns::words_of;
use crate::domain::conversations::turn::TurnContext;
use crate::domain::customers::web_identity::AccountTicket;
use crate::domain::wording::texts::{TextKey, Texts};

/// Words for a request of a customer, in the languages of the catalogue.
const TICKETS: &[&str] = &[
    "ticket",
    "tickets",
    "request",
    "requests",
    "case",
    "cases",
    "anfrage",
    "anfragen",
    "anliegen",
    "demande",
    "demandes",
    "solicitud",
    "solicitudes",
    "consultas",
    "pedido",
    "pedidos",
    "richiesta",
    "richieste",
    "verzoek",
    "verzoeken",
    "aanvraag",
    "aanvragen",
];
/// Words that make it the customer's own.
const OWN: &[&str] = &[
    "my", "mein", "meine", "meinen", "meiner", "meinem", "mon", "ma", "mes", "mi", "mis", "meu", "meus",
    "minha", "minhas", "mio", "miei", "mia", "mie", "mijn",
];
/// Words between the two: which of them, and that they are support's.
const BETWEEN: &[&str] = &[
    "other",
    "support",
    "open",
    "earlier",
    "previous",
    "old",
    "all",
    "anderen",
    "andere",
    "offenen",
    "offene",
    "frueheren",
    "fruheren",
    "bisherigen",
    "autres",
    "autre",
    "anciennes",
    "otras",
    "otra",
    "anteriores",
    "outros",
    "outro",
    "abertos",
    "altre",
    "altra",
    "precedenti",
    "overige",
    "eerdere",
];
/// Words by which their state is asked for, or which of them there are.
const ASKED: &[&str] = &[
    "status", "state", "progress", "news", "list", "show", "other", "which", "what", "stand", "zeigen",
    "zeig", "liste", "anderen", "andere", "welche", "etat", "statut", "ou", "autres", "autre", "quelles",
    "estado", "lista", "otras", "otra", "cuales", "outros", "outro", "quais", "stato", "elenco", "altre",
    "altra", "quali", "welke", "overige", "lijst",
];
/// Words of a question how something is done, which the documents answer.
const HOW: &[&str] = &["how", "wie", "comment", "como", "come", "hoe"];
/// Longest question, in words: whoever writes more wants something else, too.
const MAX_WORDS: usize = 20;
/// Characters of a subject in the list.
const SUBJECT_MAX_CHARS: usize = 80;

/// The answer to messages that ask for the customer's tickets and for nothing else; `None` for all others, and unless the
/// customer is proved.
pub(super) fn answer(context: &TurnContext, texts: &Texts) -> Option<String> {
    let tickets = context.account.as_deref()?;
    let asks = !context.unanswered.is_empty()
        && context.unanswered.iter().all(|said| !said.shows_something() && asks_for_tickets(&said.text));
    asks.then(|| list(tickets, texts, context.language.as_deref()))
}

fn asks_for_tickets(text: &str) -> bool {
    let words = words_of(text);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    words.len() <= MAX_WORDS && has(ASKED) && !has(HOW) && names_own_tickets(&words)
}

/// A word for one's own, then one for tickets, with nothing between them but which ones.
fn names_own_tickets(words: &[String]) -> bool {
    let rests = words.iter().enumerate().filter(|(_, word)| OWN.contains(&word.as_str()));
    rests.into_iter().any(|(place, _)| {
        let mut rest = words.iter().skip(place + 1).skip_while(|word| BETWEEN.contains(&word.as_str()));
        rest.next().is_some_and(|word| TICKETS.contains(&word.as_str()))
    })
}

fn list(tickets: &[AccountTicket], texts: &Texts, language: Option<&str>) -> String {
    if tickets.is_empty() {
        return texts.get(TextKey::NoOtherTickets, language).to_owned();
    }
    let line = |ticket: &AccountTicket| {
        let AccountTicket { number, subject, status } = ticket;
        let subject = subject.as_deref().map(|subject| shorten(subject, SUBJECT_MAX_CHARS));
        let subject = subject.map(|subject| format!(" ({subject})")).unwrap_or_default();
        format!("- {number}{subject}: {}", texts.get((*status).into(), language))
    };
    let lines: Vec<String> = tickets.iter().map(line).collect();
    format!("{}\n\n{}", texts.get(TextKey::OtherTickets, language), lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::samples::{context, handbook};
    use crate::domain::enums::TicketStatus;
    use crate::domain::messages::inquiry::TicketNumber;

    fn account() -> Vec<AccountTicket> {
        let ticket = |number, subject: Option<&str>, status| AccountTicket {
            number: TicketNumber(number),
            subject: subject.map(str::to_owned),
            status,
        };
        vec![
            ticket(1001, Some("Cannot sign in"), TicketStatus::WaitingCustomer),
            ticket(1002, None, TicketStatus::Closed),
        ]
    }

    fn said(text: &str, account: Option<Vec<AccountTicket>>) -> Option<String> {
        let mut context = context(&[text]);
        context.account = account;
        answer(&context, &handbook().texts)
    }

    #[test]
    fn a_proved_customer_gets_the_list_and_nobody_else_does() {
        let question = "What is the status of my other tickets?";
        let list =
            "Here are your other tickets:\n\n- T-1001 (Cannot sign in): we have answered\n- T-1002: closed";
        assert_eq!(said(question, Some(account())).as_deref(), Some(list));
        assert_eq!(said(question, Some(Vec::new())).as_deref(), Some("You have no other tickets."));
        assert_eq!(said(question, None), None);
    }

    #[test]
    fn only_questions_for_ones_own_tickets_are_answered_so() {
        for text in [
            "Wie ist der Stand?",
            "How do I change the status of my tickets?",
            "What is the status of ticket T-1001?",
            "Which of my boards are open?",
            "My tickets are green.",
            "",
        ] {
            assert_eq!(said(text, Some(account())), None, "{text}");
        }
        for text in [
            "Show my open support tickets",
            "Any news of my request? What is its status",
            "Welche anderen Anfragen habe ich, bitte zeigen Sie meine Anfragen",
            "Quel est le statut de mes autres demandes ?",
            "¿Cuál es el estado de mis solicitudes?",
            "Qual è lo stato delle mie richieste?",
            "Qual é o estado dos meus pedidos?",
            "Wat is de status van mijn verzoeken?",
        ] {
            assert!(said(text, Some(account())).is_some(), "{text}");
        }
    }
}
