//! Automatic mail detection by content: absence notes, bounces, newsletters, other ticket systems. Headers are more
//! reliable and are checked before a mail becomes a message; this is for what passes that check.

use crate::agent::reading::patterns::fold;

/// Beginnings of automatic subjects, folded.
const SUBJECTS: &[&str] = &[
    "automatic reply",
    "automatic response",
    "auto reply",
    "auto-reply",
    "autoreply",
    "auto response",
    "auto:",
    "automated response",
    "out of office",
    "out of the office",
    "ooo:",
    "on vacation",
    "on leave",
    "abwesenheit",
    "abwesend",
    "automatische antwort",
    "automatische ruckmeldung",
    "reponse automatique",
    "absence du bureau",
    "message d'absence",
    "respuesta automatica",
    "fuera de la oficina",
    "risposta automatica",
    "resposta automatica",
    "automatisch antwoord",
    "undelivered mail",
    "undeliverable",
    "undelivered",
    "unzustellbar",
    "delivery status notification",
    "delivery failure",
    "delivery has failed",
    "mail delivery fail",
    "mail delivery system",
    "mail system error",
    "message delivery fail",
    "returned mail",
    "failure notice",
    "read receipt",
    "read:",
    "gelesen:",
    "recall:",
    "accepted:",
    "declined:",
    "tentative:",
    "delivery receipt",
    "non remis",
    "mensaje no entregado",
];

/// Phrases that only automatic mails contain, folded.
const BODIES: &[&str] = &[
    "i am out of the office",
    "i am currently out of the office",
    "i'm out of the office",
    "i'm currently out of the office",
    "i will be out of the office",
    "i am out of office",
    "i am currently on annual leave",
    "i am on annual leave until",
    "i am on vacation until",
    "i am currently away from",
    "this is an automatic reply",
    "this is an automated reply",
    "this is an automatic response",
    "this is an automated response",
    "this is an automated message",
    "this is an automatically generated",
    "this is an auto-generated",
    "this message was automatically generated",
    "this message was generated automatically",
    "this mailbox is not monitored",
    "this inbox is not monitored",
    "this address is not monitored",
    "please do not reply to this",
    "this is the mail system at host",
    "could not be delivered to one or more recipients",
    "delivery to the following recipient",
    "your message wasn't delivered to",
    "your message could not be delivered",
    "your request has been logged under",
    "your request has been received and",
    "a new ticket has been created",
    "ich bin derzeit nicht im buro",
    "ich bin zurzeit nicht im buro",
    "ich bin bis zum",
    "ich bin nicht im buro",
    "diese e-mail wurde automatisch",
    "dies ist eine automatische",
    "ihre e-mail wird nicht weitergeleitet",
    "je suis actuellement absent",
    "je suis absent du bureau",
    "je suis en conge",
    "ceci est un message automatique",
    "ceci est une reponse automatique",
    "estoy fuera de la oficina",
    "me encuentro fuera de la oficina",
    "este es un mensaje automatico",
    "esta es una respuesta automatica",
    "thank you for contacting us",
    "thanks for contacting us",
    "we have received your message and",
    "we will get back to you as soon as possible",
    "we'll get back to you as soon as possible",
    "we are currently closed",
    "you receive this newsletter because",
    "you are receiving this newsletter",
    "you received this newsletter",
    "you are receiving this email because you subscribed",
    "unsubscribe | view in browser",
    "view this email in your browser",
];

/// Whether a mail with this subject and text is automatic.
pub(super) fn is_automatic(subject: &str, text: &str) -> bool {
    let subject = fold(subject.trim());
    let subject = ["re:", "aw:", "fwd:", "fw:"]
        .iter()
        .fold(subject.as_str(), |rest, prefix| rest.strip_prefix(prefix).unwrap_or(rest).trim_start());
    if SUBJECTS.iter().any(|start| subject.starts_with(start)) {
        return true;
    }
    let text = fold(text).split_whitespace().collect::<Vec<_>>().join(" ");
    let asks = text.contains('?');
    !asks && BODIES.iter().any(|sentence| text.contains(sentence))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_machines_write_is_told_from_what_people_write() {
        for (subject, text) in [
            ("Automatic reply: Re: Seats", "Thank you for your message."),
            ("Abwesenheitsnotiz: Ihre Anfrage", "Vielen Dank."),
            ("Re: Seats", "I am currently out of the office until 3 May."),
            ("Undelivered Mail Returned to Sender", ""),
            ("[REQ-1] Received", "** Please do not reply to this message, it is automated **"),
            ("7 checklists", "News\nUnsubscribe | View in browser"),
        ] {
            assert!(is_automatic(subject, text), "{subject} / {text}");
        }
        for (subject, text) in [
            ("Out sick", "How do I enter that I am out of the office?"),
            ("Automation", "Our automatic reply rule does not work."),
            ("Delivery date", "The delivery field is missing."),
            ("Re: Seats", "It works, but how do I add more?"),
        ] {
            assert!(!is_automatic(subject, text), "{subject} / {text}");
        }
    }
}
