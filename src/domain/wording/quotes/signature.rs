//! What follows a message's own words: closing phrases with a signature, footers of mail programs, legal disclaimers.

use super::TextLine;
use crate::domain::wording::phrases::PhraseList;
use crate::domain::wording::step_count;

/// Maximum lines of a signature after a closing phrase: a name, a position and an address.
const SIGNATURE_MAX_LINES: usize = 12;
/// Maximum words of a closing phrase.
const FAREWELL_MAX_WORDS: usize = 6;
/// Maximum words of a line of a signature; a longer one is a sentence.
const SIGNATURE_LINE_MAX_WORDS: usize = 9;
/// Maximum words of a footer; a longer line is a sentence about it.
const FOOTER_MAX_WORDS: usize = 14;

/// Beginnings of closing phrases, folded.
static FAREWELLS: PhraseList = PhraseList::new(
    "regards / best regards / kind regards / warm regards / with kind regards / with best regards / kindest \
     regards / many thanks / thanks / thank you / thx / best / best wishes / all the best / cheers / sincerely \
     / yours sincerely / yours faithfully / yours truly / yours / respectfully / cordially / mit freundlichen \
     grussen / freundliche grusse / viele grusse / beste grusse / liebe grusse / herzliche grusse / mfg / lg / \
     vg / gruss / danke / vielen dank / cordialement / bien cordialement / sinceres salutations / bien a vous \
     / merci / merci d'avance / saludos / un saludo / saludos cordiales / atentamente / gracias / muchas \
     gracias / groeten / met vriendelijke groet / cordiali saluti / grazie / grazie mille / atenciosamente / \
     obrigado / obrigada / saludo / with regards / thanks and regards / thanks & regards / thank you and \
     regards / with thanks / thanks in advance / thanking you / take care / talk soon / greetings / have a \
     nice day / have a great day / have a good day / mit freundlichem gruss / mit besten grussen / mit lieben \
     grussen / mit herzlichen grussen / schone grusse / freundlicher gruss / sonnige grusse / grusse / besten \
     dank / danke im voraus / danke und gruss / vielen dank und / hochachtungsvoll / salutations / meilleures \
     salutations / bien a toi / sincerement / amicalement / belle journee / bonne journee / merci beaucoup / \
     merci par avance / un cordial saludo / cordialmente / muchas gracias de antemano / distinti saluti / \
     saluti / un saluto / cumprimentos / com os melhores cumprimentos / melhores cumprimentos / abracos / \
     obrigado desde ja / met vriendelijke groeten / vriendelijke groet / vriendelijke groeten / hartelijke \
     groet / mvg / bedankt / groet / alvast bedankt / med vennlig hilsen / vennlig hilsen / mvh / med venlig \
     hilsen / venlig hilsen / hilsen / med vanliga halsningar / vanliga halsningar / halsningar / ystavallisin \
     terveisin / terveisin / pozdrawiam / z powazaniem / z poważaniem / s pozdravem / s pozdravom / \
     udvozlettel / üdvözlettel / с уважением / з повагою / saygilarimla / saygılarımla / cu stima / cu stimă",
);

/// Beginnings of footers that mail programs add, folded.
static FOOTERS: PhraseList = PhraseList::new(
    "sent from my_ / sent from a_ / sent from the_ / sent from outlook / sent from mail for / sent from [mail] \
     / sent from mailbox / sent from yahoo / sent from windows mail / sent from mobile / sent from proton / \
     sent from samsung / sent from gmail / sent with airmail / sent with proton / sent with_ / sent by galaxy \
     / sent via_ / sent using_ / sent on the go / from my iphone / from my ipad / from my mobile / someone \
     from mobile / get outlook for / get [outlook / download outlook / von meinem_ / diese nachricht wurde von \
     meinem_ / gesendet von_ / gesendet mit_ / gesendet aus_ / holen sie sich outlook / outlook fur ios / \
     outlook fur android / outlook for ios / outlook for android / outlook pour_ / envoye de mon_ / envoye \
     depuis_ / envoye a partir_ / envoyé de_ / obtenir outlook / obtenez outlook / telechargez outlook / \
     enviado desde mi_ / enviado desde_ / obtener outlook / enviado do meu_ / enviado do_ / enviado via_ / \
     obter o outlook / inviato da_ / inviato dal_ / scarica outlook / ottieni outlook / verstuurd vanaf_ / \
     verzonden vanaf_ / verzonden met_ / verstuurd met_ / outlook voor_ / download outlook voor / sendt fra \
     min_ / sendt fra_ / skickat fran min_ / skickat fran_ / skaffa outlook / hent outlook / fa outlook / \
     lahetetty_ / hanki outlook / wyslane z_ / wysłane z_ / wysłano z_ / pobierz aplikacje outlook / odeslano \
     z_ / odesláno z_ / отправлено с_ / отправлено из_ / надіслано з_ / iphone'umdan gonderildi / iphone'umdan \
     gönderildi / 發自我的 / 发自我的 / 從我的 / 从我的 / iphoneから送信 / 나의 iphone에서 보냄 / 내 iphone에서 보냄 / נשלח מה / please \
     consider the environment / consider the environment before printing / think before you print / bitte \
     denken sie an die umwelt / virus-free / virenfrei / this email has been checked for viruses / diese \
     e-mail wurde von avast / l'absence de virus / cordialement, envoye",
);

/// Parts of footers of mail programs that are alone on their line, folded.
static FOOTER_PARTS: PhraseList = PhraseList::new(
    "consider the environment before printing / denken sie an die umwelt / pensez a l'environnement / \
     www.avast.com / www.avg.com / mit k-9 mail gesendet / gesendet mit der / 에서 보냄 / から送信",
);

/// Beginnings of legal disclaimers, folded.
static DISCLAIMERS: PhraseList = PhraseList::new(
    "this email and any / this e-mail and any / this message and any / this email is confidential / this \
     e-mail is confidential / this message is confidential / the information contained in this / the \
     information in this email / the contents of this / confidentiality notice / disclaimer / if you are not \
     the intended recipient / this communication is intended / this email may contain / this e-mail may \
     contain / this message may contain / this message contains confidential / diese e-mail enthalt / diese \
     nachricht enthalt / ce message et / ce courriel / este mensaje y / este correo / this transmission / this \
     electronic / the information transmitted / the information in this / information in this e-mail / \
     important notice / important: this / notice: this / confidential: / confidential - / confidentiality: / \
     privileged and confidential / legal notice / legal disclaimer / email disclaimer / e-mail disclaimer / \
     the content of this / any views or opinions / unless expressly stated / please note that this e-mail / \
     you are hereby notified / registered in england / der inhalt dieser / die information in dieser / die in \
     dieser e-mail / vertraulichkeitshinweis / haftungsausschluss / hinweis: diese / wichtiger hinweis / diese \
     mail enthalt / dieses e-mail / sollten sie nicht der / wenn sie nicht der richtige / les informations \
     contenues / le contenu de ce / ce mail et / ce message est / ce message peut / avis de confidentialite / \
     confidentialite / este e-mail / este email / este mensaje / la informacion contenida / aviso legal / \
     aviso de confidencialidad / esta mensagem / as informacoes contidas / le informazioni contenute / questo \
     messaggio / questa e-mail / questa email / avviso di riservatezza / ai sensi del / dit bericht / deze \
     e-mail / de informatie in dit / de informatie verzonden / denna e-post / detta meddelande / denne e-post \
     / denne e-mail / ta wiadomosc / ta wiadomość / niniejsza wiadomosc / niniejsza wiadomość / tato zprava / \
     данное сообщение / это сообщение и",
);

/// The lines without signatures, footers and disclaimers.
pub(super) fn without_signature<'a>(lines: &[TextLine<'a>]) -> Vec<&'a str> {
    let mut kept: Vec<&str> = Vec::new();
    let mut place = 0;
    while let Some(line) = lines.get(place) {
        step_count::add(1);
        let rest = lines.get(place + 1..).unwrap_or_default();
        if is_delimiter(line) && !kept.iter().all(|line| line.trim().is_empty()) {
            break;
        }
        if is_disclaimer(line, &kept) {
            place += paragraph(lines, place);
            continue;
        }
        if is_farewell(&line.folded) && !kept.is_empty() && is_signature(rest) {
            place += 1 + signature(rest);
            continue;
        }
        if !is_footer(line) {
            kept.push(line.raw);
        }
        place += 1;
    }
    trim_rules(&mut kept);
    kept
}

/// The line above a signature (RFC 3676, 4.3), as programs really write it.
fn is_delimiter(line: &TextLine<'_>) -> bool {
    matches!(line.raw.trim_end(), "- --" | "__" | "-- ​")
        || matches!(line.raw.trim(), "--" | "—" | "—————" | "––" | "--_")
}

/// Removes rules and marks at the end.
fn trim_rules(kept: &mut Vec<&str>) {
    let is_rule = |line: &str| {
        let line = line.trim();
        line.is_empty()
            || (line.chars().count() >= 2 || line == "ᐧ")
                && line.chars().all(|c| "-_=*#~+ᐧ.·—–\u{2500} ".contains(c))
                && line != "..."
    };
    while kept.last().is_some_and(|line| is_rule(line)) {
        kept.pop();
    }
}

/// A legal text: it begins like one, and something was said before it.
fn is_disclaimer(line: &TextLine<'_>, kept: &[&str]) -> bool {
    let text = line.folded.trim_start_matches(['*', '_', '-', '>', ' ', '|', '(']);
    DISCLAIMERS.after_any(text).is_some()
        && (is_long(text)
            || text.starts_with("disclaimer")
            || text.contains("confiden")
            || text.contains("vertraulich"))
        && kept.iter().any(|line| !line.trim().is_empty())
}

/// Minimum words of a disclaimer; a customer's own sentence may begin like a shorter one.
const DISCLAIMER_MIN_WORDS: usize = 6;

fn is_long(text: &str) -> bool {
    text.split_whitespace().count() >= DISCLAIMER_MIN_WORDS
}

fn is_footer(line: &TextLine<'_>) -> bool {
    let text =
        line.folded.trim_start_matches(['(', '<', '[', '*', '_', '-', '~', '—', '–', '\u{2022}', ' ', '"']);
    let is_short = text.split_whitespace().count() <= FOOTER_MAX_WORDS;
    is_short && (FOOTERS.after_any(text).is_some() && has_no_sentence(text) || FOOTER_PARTS.occurs_in(text))
}

/// Footers are no sentences with a request in them.
fn has_no_sentence(text: &str) -> bool {
    let text = text.split("http").next().unwrap_or_default();
    !text.contains('?')
        && !["does not", "doesn't", "crash", "fail", "problem", "error", "geht nicht", "never"]
            .iter()
            .any(|word| text.contains(word))
}

fn is_farewell(folded: &str) -> bool {
    let bare = folded.trim_matches(|c: char| !c.is_alphanumeric());
    // Some closings are bilingual: `S pozdravem / Best`.
    bare.split('/').map(str::trim).any(|part| {
        let words = part.split_whitespace().count();
        words <= FAREWELL_MAX_WORDS
            && FAREWELLS.iter().any(|farewell| {
                part.strip_prefix(farewell)
                    .is_some_and(|rest| rest.is_empty() || (rest.starts_with(',') && words <= 4))
            })
    })
}

/// Whether the lines after a closing phrase begin with a signature, or end the message, or are an afterthought.
fn is_signature(lines: &[TextLine<'_>]) -> bool {
    signature(lines) > 0 || lines.first().is_none_or(is_afterthought)
}

/// How many of the lines belong to a signature.
fn signature(lines: &[TextLine<'_>]) -> usize {
    let belongs = |line: &&TextLine<'_>| {
        step_count::add(1);
        !is_afterthought(line)
            && line.raw.split_whitespace().count() <= SIGNATURE_LINE_MAX_WORDS
            && !line.raw.contains('?')
            || line.raw.contains('|')
    };
    lines.iter().take(SIGNATURE_MAX_LINES).take_while(belongs).count()
}

fn is_afterthought(line: &TextLine<'_>) -> bool {
    ["ps", "p.s", "p.s.", "pps"].iter().any(|start| {
        line.folded.strip_prefix(start).is_some_and(|rest| rest.starts_with([' ', ':', '.', ',']))
    })
}

/// The number of lines up to the end of a paragraph.
fn paragraph(lines: &[TextLine<'_>], start: usize) -> usize {
    let rest = lines.get(start..).unwrap_or_default();
    rest.iter().take_while(|line| !line.is_blank()).count().max(1)
}
