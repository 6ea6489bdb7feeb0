//! Automatic mail detection by content: absence notes, receipts of other desks, bounces, newsletters. Fields of a mail are
//! more reliable and are read by the channel; this is for machines that set none.
//!
//! One phrase is seldom enough: people write about absence notes too. A statement counts with what machines say beside
//! it, and never beside a question.

use super::phrases::PhraseList;
use super::text::fold;

/// Beginnings of automatic subjects, folded.
static SUBJECTS: PhraseList = PhraseList::new(
    "automatic reply / automatic-reply / vacation reply / vacation response / out of office reply / out of \
     office autoreply / out of office auto-reply / out of office response / out of office automatic / \
     automatisk svar / automatiskt svar / autosvar / automaattinen vastaus / automaticka odpoved / automatická \
     odpoveď / automatyczna odpowiedz / automatyczna odpowiedź / automatikus valasz / raspuns automat / \
     otomatik yanit / автоответ / автоматический ответ / автоматична відповідь / 自动回复 / 自動回覆 / 自動返信 / 자동 회신 / \
     respuesta de ausencia / reponse d'absence / notification d'absence / abwesenheitsnotiz / \
     abwesenheitsmeldung / abwesenheitsassistent / abwesenheitsbenachrichtigung / risposta fuori sede / fuori \
     ufficio: / afwezigheidsbericht / afwezigheidsmelding / resposta de ausencia / ausencia temporaria / \
     automatic response / auto reply / auto-reply / autoreply / ooo: / automatische antwort / automatische \
     ruckmeldung / reponse automatique / absence du bureau / message d'absence / respuesta automatica / fuera \
     de la oficina / risposta automatica / resposta automatica / automatisch antwoord / read receipt / \
     gelesen: / recall: / accepted: / declined: / tentative:",
);

/// Beginnings of the subjects of bounces, folded; people forward bounces, and ask about them.
static BOUNCES: PhraseList = PhraseList::new(
    "undelivered mail / undeliverable / undelivered / unzustellbar / delivery status notification / delivery \
     failure / delivery has failed / mail delivery fail / mail delivery system / mail system error / message \
     delivery fail / returned mail / failure notice / delivery receipt / non remis / mensaje no entregado",
);

/// Subjects that are automatic if nothing but a punctuation mark follows, folded.
static WHOLE_SUBJECTS: PhraseList = PhraseList::new(
    "out of office / out of the office / ooo / on vacation / on leave / on holiday / annual leave / auto / \
     abwesend / abwesenheit / nicht im buro / im urlaub / absent / en conge / en vacances / absence / fuera de \
     oficina / de vacaciones / ausente / fuori ufficio / in ferie / assente / fora do escritorio / de ferias / \
     afwezig / niet aanwezig / met vakantie / op vakantie / automated response / auto response / read / not \
     read",
);

/// Sentences that only automatic mails contain, folded.
static BODIES: PhraseList = PhraseList::new(
    "this is an automatic reply / this is an automated reply / this is an automatic response / this is an \
     automated response / this is an automated message / this is an automatically generated / this is an \
     auto-generated / this message was automatically generated / this message was generated automatically / \
     this mailbox is not monitored / this inbox is not monitored / this address is not monitored / please do \
     not reply to this / this is the mail system at host / could not be delivered to one or more recipients / \
     delivery to the following recipient / your message wasn't delivered to / your message could not be \
     delivered / diese e-mail wurde automatisch / dies ist eine automatische / ceci est un message automatique \
     / ceci est une reponse automatique / este es un mensaje automatico / esta es una respuesta automatica / \
     you receive this newsletter because / you are receiving this newsletter / you received this newsletter / \
     you are receiving this email because you subscribed / unsubscribe | view in browser / view this email in \
     your browser / this is an auto generated / this e-mail was automatically generated / this email was \
     automatically generated / this is a system generated / this is a system-generated / do not reply to this \
     e / do not reply directly to this / replies to this email are not / replies to this e-mail are not / this \
     email address is not monitored / this e-mail address is not monitored / this mailbox is unattended / sent \
     from an unmonitored / bitte antworten sie nicht auf diese / automatisch generierte nachricht / \
     automatisch generierte e-mail / automatisch erstellte nachricht / automatisch erzeugte nachricht / dies \
     ist eine automatisch / message genere automatiquement / reponse generee automatiquement / merci de ne pas \
     repondre a ce / veuillez ne pas repondre a ce / ne repondez pas a ce / no responda a este / por favor no \
     responda / mensaje generado automaticamente / mensaje automatico / non rispondere a questa / non \
     rispondere a questo / messaggio automatico / messaggio generato automaticamente / risposta automatica / \
     esta e uma mensagem automatica / esta e uma resposta automatica / nao responda a este / mensagem \
     automatica / dit is een automatisch / deze e-mail is automatisch / gelieve niet te antwoorden op / niet \
     op dit bericht te antwoorden",
);

/// The writer is away, folded.
static ABSENT: PhraseList = PhraseList::new(
    "out of office / out of the office / on annual leave / on leave / on vacation / on holiday / on parental \
     leave / on maternity leave / on sick leave / away from my desk / away from the office / away from email / \
     currently away / currently traveling / currently travelling / limited access to my email / limited access \
     to email / limited access to e-mail / not in the office / no longer with the company / no longer work / \
     have left the company / nicht im buro / nicht im haus / ausser haus / bin abwesend / nicht am \
     arbeitsplatz / im urlaub / in elternzeit / nicht erreichbar / nicht mehr im unternehmen / nicht mehr fur \
     / absent du bureau / actuellement absent / actuellement absente / je suis absent / je serai absent / \
     absente du bureau / absent(e) / en conge / en vacances / en deplacement / hors du bureau / fuera de la \
     oficina / fuera de oficina / estoy ausente / estare ausente / de vacaciones / de baja / fora do \
     escritorio / estou ausente / estarei ausente / de ferias / em ferias / fuori ufficio / fuori sede / sono \
     assente / saro assente / in ferie / non sono in ufficio / afwezig / niet aanwezig / niet op kantoor / op \
     vakantie / met vakantie / met verlof",
);

/// Until when, folded.
static UNTIL: PhraseList = PhraseList::new(
    "until / till / returning / return on / be back / back on / back in the office / from_ / bis zum / bis \
     einschliesslich / bis_ / wieder im buro / wieder erreichbar / wieder da / zuruck / ab dem / jusqu'au / \
     jusqu'a / de retour / a mon retour / hasta el / hasta / regreso / vuelvo / volvere / ate o dia / ate_ / \
     regresso / retorno / voltarei / fino al / fino a / rientro / rientrero / tot en met / tot_ / terug op / \
     weer aanwezig / weer bereikbaar",
);

/// Whom to ask instead, or that an answer comes later, folded.
static INSTEAD: PhraseList = PhraseList::new(
    "urgent / in my absence / during my absence / during this time / please contact / please email / please \
     call / please reach out to / will respond / will reply / will get back to you / upon my return / when i \
     return / dringend / in dringenden / wenden sie sich / wahrend meiner abwesenheit / meine vertretung / \
     kontaktieren sie / nicht weitergeleitet / wird nicht gelesen / melde mich / nach meiner ruckkehr / en cas \
     d'urgence / pendant mon absence / en mon absence / veuillez contacter / vous pouvez contacter / merci de \
     contacter / je vous repondrai / je repondrai / urgencia / urgente / pongase en contacto / contacte con / \
     contacte a / contactar con / durante mi ausencia / respondere / a mi regreso / contate / contacte_ / \
     entre em contato / entre em contacto / durante a minha ausencia / responderei / caso de urgencia / in \
     caso di urgenza / contattare / rivolgersi a / durante la mia assenza / rispondero / al mio rientro / \
     dringende / spoed / neem contact op / contact opnemen / tijdens mijn afwezigheid / beantwoord ik / na \
     mijn terugkeer",
);

/// A message has arrived at another desk, folded.
static RECEIVED: PhraseList = PhraseList::new(
    "have received your / has received your / we received your / your request has been received / your message \
     has been received / your email has been received / your e-mail has been received / your inquiry has been \
     received / your enquiry has been received / your ticket has been / a ticket has been / ticket has been \
     created / ticket has been opened / a case has been / a new ticket has been created / a new support ticket \
     / your request has been logged / your request has been registered / thank you for contacting / thanks for \
     contacting / thank you for reaching out / thanks for reaching out / thank you for your email / thank you \
     for your message / confirm receipt of your / confirm that we have received / acknowledge receipt / ihre \
     anfrage ist bei uns eingegangen / ihre nachricht ist bei uns eingegangen / ihre e-mail ist bei uns \
     eingegangen / ist bei uns eingegangen / haben ihre anfrage erhalten / haben ihre nachricht erhalten / \
     haben ihre e-mail erhalten / ihre anfrage wurde / ticket wurde erstellt / vielen dank fur ihre anfrage / \
     vielen dank fur ihre nachricht / eingang ihrer / avons bien recu votre / bien recu votre / votre demande \
     a ete enregistree / votre demande a bien ete / votre message a bien ete / accusons reception / hemos \
     recibido su / hemos recibido tu / su solicitud ha sido / su consulta ha sido / gracias por contactar / \
     gracias por ponerse en contacto / acusamos recibo / recebemos a sua / recebemos sua / recebemos o seu / \
     recebemos seu / o seu pedido foi / sua solicitacao foi / obrigado por entrar em contato / obrigado por \
     nos contactar / abbiamo ricevuto la / abbiamo ricevuto il / la sua richiesta e stata / la tua richiesta e \
     stata / grazie per averci contattato / hebben uw / uw aanvraag is ontvangen / uw bericht is ontvangen / \
     wij hebben je / we hebben je / bedankt voor uw bericht / bedankt voor je bericht / bedankt voor het \
     contact",
);

/// What follows such a receipt, folded.
static SOON: PhraseList = PhraseList::new(
    "get back to you / be in touch / respond to you / respond as soon / respond within / reply within / reply \
     as soon / answer as soon / be answered / will review / is being reviewed / being processed / business day \
     / working day / within 24 / within 48 / ticket number / ticket id / ticket # / case number / case id / \
     reference number / tracking number / your ticket / add additional comments / so schnell wie moglich / \
     schnellstmoglich / in kurze / werktag / bearbeitung / bearbeiten / ticketnummer / ticket-nummer / \
     vorgangsnummer / melden uns / dans les plus brefs delais / des que possible / jours ouvres / jours \
     ouvrables / heures ouvrees / numero de ticket / numero de dossier / reviendrons vers vous / lo antes \
     posible / a la brevedad / dias laborables / dias habiles / numero de caso / nos pondremos en contacto / \
     le responderemos / o mais breve possivel / o mais rapido possivel / dias uteis / numero do protocolo / \
     entraremos em contato / entraremos em contacto / responderemos / il prima possibile / al piu presto / \
     giorni lavorativi / numero del ticket / numero di ticket / risponderemo / zo snel mogelijk / werkdag / \
     zaaknummer / nemen contact met",
);

/// Words with which people ask for something; absence notes ask only to turn to another person.
static ASKS: PhraseList = PhraseList::new(
    "can you / could you / would you / how do i / how can i / i need / i want / please reset / please send / \
     please cancel / please change / please help / please fix / konnen sie bitte / konnten sie / bitte senden \
     / bitte schicken / ich brauche / ich mochte / pouvez-vous / pourriez-vous / j'ai besoin / je voudrais / \
     necesito / quiero / ho bisogno / vorrei / poderia / preciso / gostaria / ik wil / ik heb nodig",
);

/// Longest receipt or absence note; a person who mentions their absence in a long mail wants something.
const NOTE_MAX_WORDS: usize = 220;
/// Longest absence note that says no more than how long.
const BARE_NOTE_MAX_WORDS: usize = 40;

/// Whether a mail with this subject and text is automatic.
pub fn is_automatic(subject: &str, text: &str) -> bool {
    let subject = fold(subject.trim());
    let mut rest = subject.as_str();
    while let Some(after) = REPLIES.after_any(rest) {
        rest = after.trim_start();
    }
    let (is_reply, subject) = (rest.len() < subject.len(), rest);
    if SUBJECTS.after_any(subject).is_some() || is_whole_subject(subject) {
        return true;
    }
    let text = fold(text).split_whitespace().collect::<Vec<_>>().join(" ");
    let has = |list: &PhraseList| list.contains_any(&text);
    if text.contains(['?', '？', '¿']) {
        return false;
    }
    if has(&BODIES) || BOUNCES.after_any(subject).is_some() {
        return true;
    }
    let words = text.split(' ').count();
    if words > NOTE_MAX_WORDS || has(&ASKS) {
        return false;
    }
    let is_numbered = subject.contains('#') || subject.contains("ticket") || subject.contains("case ");
    let is_receipt = has(&RECEIVED) && (has(&SOON) || is_numbered);
    let is_note = has(&ABSENT)
        && (has(&INSTEAD) && (has(&UNTIL) || has(&RECEIVED))
            || is_reply && has(&UNTIL) && words <= BARE_NOTE_MAX_WORDS);
    is_receipt || is_note
}

/// Prefixes of replies and forwards.
static REPLIES: PhraseList = PhraseList::new("re: / aw: / sv: / antw: / rv: / fwd: / fw: / wg: / tr:");

/// A phrase, and nothing after it or a colon: `OOO: Re: Seats`.
fn is_whole_subject(subject: &str) -> bool {
    WHOLE_SUBJECTS.iter().any(|phrase| {
        subject.strip_prefix(phrase).is_some_and(|rest| {
            let rest = rest.trim_start();
            rest.trim_matches(|c: char| !c.is_alphanumeric()).is_empty() || rest.starts_with([':', '：'])
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_machines_write_is_automatic() {
        for (subject, text) in [
            ("Automatic reply: Re: Seats", "Thank you for your message."),
            ("Abwesenheitsnotiz: Ihre Anfrage", "Vielen Dank."),
            ("Re: Seats", "I am currently out of the office until 3 May."),
            ("Undelivered Mail Returned to Sender", ""),
            ("[REQ-1] Received", "** Please do not reply to this message, it is automated **"),
            ("7 checklists", "News\nUnsubscribe | View in browser"),
            (
                "Re: Export",
                "Vielen Dank für Ihre Nachricht. Ich bin bis zum 12.08. nicht im Büro. In dringenden Fällen \
              wenden Sie sich bitte an max@example.com.",
            ),
            (
                "RE: Export",
                "Bonjour, je suis en congé jusqu'au 4 mai. En cas d'urgence, veuillez contacter Luc.",
            ),
            ("Re: Export", "Estoy de vacaciones hasta el 4 de mayo. Para temas urgentes, contacte con Luis."),
            ("Re: Export", "Estou de férias até 4 de maio. Em caso de urgência, contacte a Ana."),
            ("Re: Export", "Sono in ferie fino al 4 maggio. In caso di urgenza contattare Luca."),
            ("Re: Export", "Ik ben afwezig tot 4 mei. Bij dringende zaken kunt u contact opnemen met Jan."),
            (
                "[#4711] Export",
                "We have received your request. Our team will get back to you within 24 hours.",
            ),
            ("Re: Export", "Ihre Anfrage ist bei uns eingegangen. Wir melden uns so schnell wie möglich."),
            (
                "Fwd: Export",
                "Nous avons bien reçu votre demande et reviendrons vers vous dans les plus brefs délais.",
            ),
        ] {
            assert!(is_automatic(subject, text), "{subject} / {text}");
        }
    }

    #[test]
    fn what_people_write_about_machines_is_theirs() {
        for (subject, text) in [
            ("Out sick", "How do I enter that I am out of the office?"),
            ("Automation", "Our automatic reply rule does not work."),
            ("Delivery date", "The delivery field is missing."),
            ("Re: Seats", "It works, but how do I add more?"),
            ("Out of office message does not work", "It is never sent."),
            ("On leave request form broken", "The form shows an error."),
            ("Seats", "I am out of the office until Monday, please reset my password by then."),
            (
                "Export",
                "I am on vacation. I need the export of all tasks, please contact me by phone until Friday.",
            ),
            ("Invoice", "Thank you for your message. The invoice is still wrong."),
        ] {
            assert!(!is_automatic(subject, text), "{subject} / {text}");
        }
    }
}
