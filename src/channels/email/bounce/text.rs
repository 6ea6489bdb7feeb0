//! Bounces in plain text: each server has its own words, in its own language.

use super::{MAX_RECIPIENTS, ReportSubject};
use crate::channels::email::automatic::takes_no_mail;
use crate::channels::email::message::ParsedMail;
use crate::channels::email::own::OwnMailbox;
use crate::domain::customers::contact::Email;
use crate::domain::messages::email::{DeliveryReport, MailFate};
use crate::domain::wording::phrases::PhraseList;
use crate::domain::wording::text::fold;

/// Of a text, what is read.
const TEXT_MAX_CHARS: usize = 20_000;

/// Local parts of senders that are machines of a mail system.
static DAEMONS: PhraseList = PhraseList::new(
    "mailer-daemon / mailerdaemon / mail-daemon / mdaemon / postmaster / post_master / post-master / \
     poostmaster / mail-delivery-system / maildelivery / mailsystem / bounce / bounces / mailnotify / mmdf / uucp / root",
);

/// Names of such senders, folded.
static DAEMON_NAMES: PhraseList = PhraseList::new(
    "mail delivery / mailer-daemon / mailer daemon / delivery subsystem / system administrator / \
     systemadministrator / mail administrator / postmaster / internet mail delivery / mail system / mail router / \
     mailzustellung / content-filter at / interscan / microsoft outlook / systeme de messagerie / administrateur systeme / \
     administrador del sistema / amministratore di sistema / message center",
);

/// Subjects, folded.
static SUBJECTS: PhraseList = PhraseList::new(
    "undeliver / mail failed / returning to sender / undelivered / delivery status / delivery failure / delivery fail / delivery has failed / \
     delivery problem / delivery notification / delivery report / delivery error / mail delivery / message delivery / \
     message not delivered / could not be delivered / not delivered / cannot be delivered / can't be delivered / \
     returned mail / returned message / returned to sender / return receipt / returning message / failure notice / \
     failed mail / failed delivery / mail failure / mail error / mail system error / mail rejected / message rejected / \
     message blocked / bounced mail / mail bounce / bounce notification / rejected: / blocked by / warning: message / \
     warning: could not send / warning: mail / delayed / delivery delayed / delay notification / message delayed / \
     postmaster notify / postmaster notification / error sending / non-delivery / nondeliverable / nichtzustellbar / \
     unzustellbar / nicht zugestellt / nicht zustellbar / zustellung fehlgeschlagen / zustellung verzogert / \
     zustellungsfehler / fehlgeschlagene zustellung / mailzustellung / rucklaufer / unzustellbarkeits / \
     zuruckgesendete nachricht / non remis / non distribue / echec de la remise / echec de remise / echec de livraison / \
     remise differee / message non delivre / notification d'etat de remise / non distribuable / retour de message / \
     no se pudo entregar / no se puede entregar / no entregado / error de entrega / entrega fallida / \
     fallo en la entrega / mensaje devuelto / notificacion de estado de entrega / correo devuelto / no entregable / \
     nao entregue / nao foi possivel entregar / falha na entrega / falha de entrega / mensagem devolvida / \
     erro na entrega / non consegnato / mancata consegna / impossibile recapitare / mancato recapito / \
     recapito non riuscito / notifica di mancato / messaggio non recapitabile / onbestelbaar / niet bezorgd / \
     niet worden bezorgd / bezorging mislukt / kan niet worden bezorgd / недоставл / не доставлено / \
     не может быть доставлено / ошибка доставки / 退信 / 无法投递 / 無法傳遞 / 系统退信 / 未送達 / 配信不能 / 配信エラー / \
     配信できません / メールエラー / 送信エラー / 전송 실패 / 반송 / olevererbart / ej levererat / kunde inte levereras / \
     kunne ikke leveres / niedostarczon / nie dostarczono / nedorucitel / nedoručitel / nelze dorucit / nelze doručit / \
     kezbesithetetlen / teslim edilemedi / doruceni / failed to deliver / address not found / recipient not found / \
     user unknown / no such user / mailbox unavailable / mailbox full / quota exceeded / loop alert / \
     email could not be sent / auto-replied mail error",
);

/// Sentences, folded.
static SENTENCES: PhraseList = PhraseList::new(
    "failed addresses / no valid recipients / unknown host / host unknown / invalid user / could not be delivered / couldn't be delivered / cannot be delivered / can not be delivered / \
     can't be delivered / was not delivered / wasn't delivered / were not delivered / has not been delivered / \
     not be delivered / unable to deliver / unable to be delivered / failed to deliver / failed to reach / \
     delivery to the following / delivery has failed / delivery failed / delivery of your message / \
     following addresses had permanent / permanent fatal errors / permanent error / this is a permanent / \
     permanently failed / permanent failure / did not reach the following / undeliverable to the following / \
     the following recipient / the following address / following recipients / could not deliver / did not accept / \
     rejected your message / rejected the message / was rejected / has been rejected / were rejected / have been rejected / \
     returned your mail / is being returned / being returned / was returned / message is undeliverable / undeliverable mail / \
     i wasn't able to deliver / i'm sorry to have to inform you / i've given up / message that you sent / \
     user unknown / unknown user / no such user / unknown recipient / recipient unknown / unknown address / \
     mailbox full / mailbox is full / over quota / quota exceeded / exceeded the space / mailbox unavailable / \
     user is unknown / does not exist / doesn't exist / not listed in / not found in / address rejected / \
     recipient address rejected / address couldn't be found / address wasn't found / account is disabled / \
     message delayed / has been delayed / is delayed / will be retried / will keep trying / still trying / \
     not yet been delivered / not been able to deliver / delivery attempts will continue / message still undelivered / \
     undelivered after / could not send message / message exceeds / too many hops / relaying denied / relay access denied / \
     nicht zugestellt werden / konnte nicht zugestellt / nicht zustellbar / konnte nicht an / kann nicht zugestellt / \
     zustellung ist fehlgeschlagen / fehler bei der zustellung / unbekannter empfanger / empfanger unbekannt / \
     existiert nicht / postfach ist voll / n'a pas pu etre remis / n'a pas pu etre delivre / n'a pas ete remis / \
     n'a pu etre delivre / impossible de remettre / adresse introuvable / utilisateur inconnu / boite pleine / \
     no se ha podido entregar / no se pudo entregar / no ha sido entregado / no pudo ser entregado / \
     direccion no encontrada / usuario desconocido / buzon lleno / nao foi possivel entregar / nao pode ser entregue / \
     nao foi entregue / endereco nao encontrado / usuario desconhecido / non e stato possibile / \
     non e stato consegnato / impossibile recapitare / indirizzo non trovato / utente sconosciuto / casella piena / \
     kon niet worden bezorgd / kan niet worden bezorgd / niet worden afgeleverd / onbekende gebruiker / не может быть доставлено / \
     не было доставлено / не доставлено / не удалось доставить / несуществующ / адрес не найден / 无法送达 / 无法投递 / \
     未能送达 / 不存在 / 届けられません / 届きません / 送信できません / 配信できません / 見つかりません / お届けできません / 配信不能 / \
     전달되지 / 전송하지 못 / 배달되지 / transcript of session / diagnostic code / diagnostic information / \
     final-recipient / the mail system / smtp error / host said / remote host said / reason: / error: / bounced",
);

/// The mail may still arrive, folded.
static DELAYS: PhraseList = PhraseList::new(
    "delayed / delay / will be retried / will keep trying / still trying / not yet been delivered / \
     delivery attempts will continue / warning: could not send / warning message / this is a warning / \
     do not need to resend / no need to resend / you do not need to take any action / temporarily deferred / \
     temporary problem / message still undelivered / will continue to / verzogert / weitere zustellversuche / \
     wird weiterhin versucht / noch nicht zugestellt / remise differee / nouvelles tentatives / retrasado / retraso / \
     se seguira intentando / sera reintentado / atrasada / em ritardo / in ritardo / ritardata / vertraagd / \
     отложен / задерж / 延迟 / 遅延",
);

/// It will not, whatever else is said, folded.
static FINALS: PhraseList = PhraseList::new(
    "giving up / given up / gave up / permanent / permanently / delivery failed / has failed / failed to / \
     could not be delivered within / too long in queue / retry time not reached / retry timeout exceeded / \
     message was not delivered / couldn't be delivered / endgultig / fehlgeschlagen / definitiv",
);

/// The report in a mail without a machine-readable part.
pub(super) fn reports(mail: &ParsedMail, own: &OwnMailbox) -> Option<Vec<DeliveryReport>> {
    let text = beginning(mail);
    let folded = fold(&text);
    if is_complaint(mail) {
        return Some(vec![ReportSubject::of(mail, None).report(None, MailFate::Complaint, &mail.subject())]);
    }
    if !is_bounce(mail, &folded) {
        return None;
    }
    let subject = fold(&mail.subject());
    let says_delay = DELAYS.contains_any(&folded) || DELAYS.contains_any(&subject);
    let is_final = FINALS.contains_any(&folded) || has_code(&folded, b'5');
    let fate = if says_delay && !is_final { MailFate::Delayed } else { MailFate::Failed };
    let about = ReportSubject::with_text(mail);
    let detail = detail(&text).unwrap_or_else(|| mail.subject());
    let found = recipients(mail, own);
    if found.is_empty() {
        return Some(vec![about.report(None, fate, &detail)]);
    }
    Some(found.into_iter().map(|recipient| about.report(Some(recipient), fate, &detail)).collect())
}

fn beginning(mail: &ParsedMail) -> String {
    mail.text.chars().take(TEXT_MAX_CHARS).collect()
}

/// Whether a mail system sent it, and it says what mail systems say.
fn is_bounce(mail: &ParsedMail, text: &str) -> bool {
    if mail.header("x-failed-recipients").is_some() {
        return true;
    }
    let sender = sender_kind(mail);
    let subject = fold(&mail.subject());
    let says_so = SENTENCES.contains_any(text) || has_code(text, b'5') || has_code(text, b'4');
    let is_titled = SUBJECTS.contains_any(&subject);
    match sender {
        SenderKind::Daemon => says_so || is_titled,
        SenderKind::NullSender => is_titled && (says_so || returns_a_mail(mail)),
        SenderKind::Machine => says_so && returns_a_mail(mail) || text.contains(AMAZON_NOTICE),
        SenderKind::Other => false,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum SenderKind {
    /// A mail system by its name.
    Daemon,
    /// An address that takes no mail: of a mail system, or of anything else.
    Machine,
    /// The null sender: a machine, though perhaps one that reports an absence.
    NullSender,
    Other,
}

fn sender_kind(mail: &ParsedMail) -> SenderKind {
    let authors = mail.authors();
    let is_daemon = authors.iter().any(|author| {
        let local = author.address.split('@').next().unwrap_or_default().to_lowercase();
        let local = local.trim_matches(['<', '>', '"', ' ']);
        DAEMONS.is_one(local)
            || DAEMON_NAMES.iter().any(|name| fold(&author.name).starts_with(name))
            || DAEMONS.is_one(&fold(&author.name))
    });
    let from = mail.header("from").unwrap_or_default().trim();
    let is_null = mail.header("return-path").is_some_and(|path| path.trim() == "<>");
    let takes_none = authors
        .iter()
        .filter_map(|author| Email::parse(&author.address).ok())
        .any(|from| takes_no_mail(&from));
    if is_daemon || from == "<>" || from.to_lowercase().starts_with("mailer-daemon") {
        SenderKind::Daemon
    } else if takes_none {
        SenderKind::Machine
    } else if is_null || authors.is_empty() {
        SenderKind::NullSender
    } else {
        SenderKind::Other
    }
}

/// Microsoft's form of a complaint: the mail, under this subject.
fn is_complaint(mail: &ParsedMail) -> bool {
    returns_a_mail(mail) && fold(&mail.subject()).starts_with("complaint about message from")
}

/// Whether there is exactly one mail in it.
fn returns_a_mail(mail: &ParsedMail) -> bool {
    mail.nested.len() == 1
}

/// A bounce as Amazon's notification service mails it.
const AMAZON_NOTICE: &str = "\"notificationtype\":\"bounce\"";

/// A reply or status code of SMTP (RFC 5321, 4.2; RFC 3463): `550`, `5.1.1`.
fn has_code(text: &str, class: u8) -> bool {
    let words = text.split(|c: char| !c.is_ascii_digit() && c != '.');
    words.map(str::as_bytes).any(|word| match word {
        [first, b'.', subject, b'.', detail @ ..] => {
            *first == class
                && subject.is_ascii_digit()
                && (1..=3).contains(&detail.len())
                && detail.iter().all(u8::is_ascii_digit)
        }
        [first, second, third] => {
            *first == class
                && matches!(second, b'0' | b'1' | b'2' | b'3' | b'5' | b'7')
                && third.is_ascii_digit()
                && text.contains("smtp")
                    | text.contains("host")
                    | text.contains("said")
                    | text.contains("server")
        }
        _ => false,
    })
}

/// The line with the server's code, for staff.
fn detail(text: &str) -> Option<String> {
    let has = |line: &&str| has_code(&line.to_lowercase(), b'5') || has_code(&line.to_lowercase(), b'4');
    text.lines().map(str::trim).find(has).map(str::to_owned)
}

/// The addresses that were written to, as far as the report names them.
pub(super) fn recipients(mail: &ParsedMail, own: &OwnMailbox) -> Vec<Email> {
    let daemons: Vec<String> =
        mail.authors().into_iter().map(|author| author.address.to_lowercase()).collect();
    let is_theirs = |address: &Email| {
        let local = address.as_str().split('@').next().unwrap_or_default();
        !own.is_own(address)
            && !daemons.iter().any(|daemon| daemon == address.as_str())
            && !DAEMONS.is_one(local)
    };
    let named = mail.header_values("x-failed-recipients").flat_map(addresses).collect::<Vec<_>>();
    let to =
        mail.nested.iter().flat_map(|fields| fields.values("to").flat_map(addresses).collect::<Vec<_>>());
    let text = beginning(mail);
    let before = before_original(&text);
    let lists = [named, addresses(before), to.collect(), addresses(&text)];
    for list in lists {
        let mut found: Vec<Email> = Vec::new();
        for address in list.into_iter().filter(is_theirs) {
            if !found.contains(&address) && found.len() < MAX_RECIPIENTS {
                found.push(address);
            }
        }
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

/// The text above the returned mail.
fn before_original(text: &str) -> &str {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let folded = line.trim().to_lowercase();
        let begins = folded.starts_with("received:")
            || folded.starts_with("return-path:")
            || folded.starts_with("message-id:")
            || folded.starts_with("from: ")
            || (folded.starts_with("---")
                && (folded.contains("copy of")
                    || folded.contains("original message")
                    || folded.contains("returned message")));
        if begins && at > 0 {
            return text.get(..at).unwrap_or(text);
        }
        at += line.len();
    }
    text
}

/// The usable addresses in a text, in order.
pub(super) fn addresses(text: &str) -> Vec<Email> {
    let words = text.split(|c: char| c.is_whitespace() || "<>()[]\",;:'|`".contains(c));
    let found = words.filter(|word| word.contains('@')).filter_map(|word| {
        let word = word.trim_matches(['.', '*', '_', '=', '-']);
        let word = word.strip_prefix("mailto").unwrap_or(word);
        Email::parse(word).ok()
    });
    found.take(MAX_RECIPIENTS * 2).collect()
}

/// The Message-IDs of returned mails in a text.
pub(super) fn message_ids(text: &str) -> Vec<String> {
    let lines = text.lines().map(|line| line.trim_start_matches(['>', ' ', '\t']));
    let values = lines.filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim().eq_ignore_ascii_case("message-id").then(|| value.trim())
    });
    values.filter(|value| value.starts_with('<') && value.ends_with('>')).map(str::to_owned).collect()
}
