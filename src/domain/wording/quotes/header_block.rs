//! Header blocks: the fields that mail programs write above an unmarked quote or a forwarded mail, and the rules and
//! phrases that announce them.

use super::TextLine;
use crate::domain::wording::phrases::PhraseList;
use crate::domain::wording::step_count;

/// Lines that a block is looked for in.
const MAX_LINES: usize = 16;
/// Longest name of a field.
const NAME_MAX_CHARS: usize = 24;

/// A kind of field.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum FieldKind {
    From,
    /// The date under a name that only mails use.
    Sent,
    Date,
    To,
    Subject,
    Other,
}

static FROM: PhraseList = PhraseList::new(
    "from / von / de / da / van / fra / fran / od / lahettaja / avsandare / от / от кого / від / felado \
     / kuldo / de la / kimden / gonderen / 发件人 / 寄件者 / 寄件人 / 差出人 / 送信者 / 보낸 사람 / 보낸사람 / 보낸이 / מאת / \
     من / tu / từ / dari / จาก / expediteur / remitente / mittente / remetente / afzender / absender / saatja \
     / nuo / no / απο / από / kirjoittaja / avsender / afsender",
);
static SENT: PhraseList = PhraseList::new(
    "sent / sent at / gesendet / gesendet am / envoye / envoye le / envoyé / enviado / enviada / enviado el / \
     enviado em / enviada em / inviato / verzonden / verstuurd / skickat / sendt / wyslano / wysłano / wysłane / odeslano / \
     odesláno / odeslano dne / lahetetty / отправлено / надіслано / elkuldve / trimis / gonderildi / 发送时间 / 傳送時間 / \
     送信日時 / 보낸 날짜 / נשלח / đa gửi / στάλθηκε",
);
static DATE: PhraseList = PhraseList::new(
    "date / message du / sent / sent at / gesendet / gesendet am / datum / envoye / envoye le / envoyé / enviado / enviada \
     / enviado el / enviado em / enviada em / fecha / data / inviato / data invio / verzonden / skickat / \
     sendt / dato / wyslano / wysłano / wysłane / data wyslania / odeslano / odesláno / poslano / \
     poslané / lahetetty / paivamaara / paivays / отправлено / дата / надіслано / elkuldve / kuldve / trimis / \
     gonderildi / tarih / gonderim tarihi / 发送时间 / 发送日期 / 日期 / 时间 / 傳送時間 / 寄件日期 / 送信日時 / 日付 / 日時 / 보낸 날짜 / 날짜 \
     / 보낸날짜 / נשלח / תאריך / تاريخ / تاريخ الإرسال / ngay / ngày / đa gửi / tanggal / ημερομηνια / ημερομηνία \
     / στάλθηκε / verstuurd / erstellt / when",
);
static TO: PhraseList = PhraseList::new(
    "to / an / a / para / per / aan / til / till / do / dla / komu / vastaanottaja / кому / cimzett / catre / \
     kime / alici / 收件人 / 收件者 / 宛先 / 받는 사람 / 받는사람 / 수신 / אל / إلى / đến / den / kepada / ถึง / destinataire / \
     destinatario / destinatário / pour / προς / empfanger / mottagare / modtager / geadresseerde / kam / \
     kenelle",
);
static SUBJECT: PhraseList = PhraseList::new(
    "subject / betreff / objet / asunto / oggetto / assunto / onderwerp / emne / amne / ämne / temat / predmet \
     / předmět / aihe / тема / targy / subiect / konu / 主题 / 主旨 / 件名 / 제목 / נושא / الموضوع / موضوع / chủ đề / \
     chu đe / subjek / perihal / θεμα / θέμα / re / betr / teema / tema",
);
static OTHER: PhraseList = PhraseList::new(
    "cc / bcc / kopie / copie / copie a / copia / kopia / kopi / kopio / копия / копія / 抄送 / 副本 / 참조 / עותק / \
     reply-to / reply to / repondre a / antwort an / responder a / rispondi a / importance / priority / \
     prioritat / wichtigkeit / importanza / importancia / attachments / attachment / anlagen / anhang / pieces \
     jointes / adjuntos / allegati / bijlagen / sender / organization / message-id / list-id / resent-from / \
     mailed-by / via / cci / cco / ccn / date received / 度量 / 重要性 / 附件",
);

/// Phrases of the rules above a quote, folded.
static PHRASES: PhraseList = PhraseList::new(
    "original message / original appointment / original email / original e-mail / forwarded message / \
     forwarded by / forwarded mail / forwarded letter / reply message / message original / message d'origine / \
     message transfere / message reexpedie / message transmis / mensaje original / mensaje reenviado / mensaje \
     enviado / missatge original / messaggio originale / messaggio inoltrato / mensagem original / mensagem \
     encaminhada / mensagem reencaminhada / ursprungliche nachricht / originalnachricht / weitergeleitete \
     nachricht / urspr. nachricht / originale nachricht / ursprungliche e-mail / oorspronkelijk bericht / \
     oorspronkelijk e-mailbericht / doorgestuurd bericht / originalmeddelande / ursprungligt meddelande / \
     vidarebefordrat meddelande / opprinnelig melding / videresendt melding / original melding / oprindelig \
     meddelelse / oprindelig besked / videresendt meddelelse / videresendt besked / alkuperainen viesti / \
     valitetty viesti / edelleenlahetetty viesti / wiadomosc oryginalna / wiadomość oryginalna / oryginalna \
     wiadomosc / oryginalna wiadomość / przekazana wiadomosc / przekazana wiadomość / wiadomosc przekazana / \
     wiadomość przekazana / puvodni zprava / původni zprava / původní zprava / preposlana zprava / přeposlana \
     zprava / povodna sprava / pôvodna sprava / eredeti uzenet / tovabbitott uzenet / исходное сообщение / \
     оригинальное сообщение / пересылаемое сообщение / пересланное сообщение / перенаправленное сообщение / \
     пересылаемое письмо / исходное письмо / початкове повідомлення / оригінальне повідомлення / переслане \
     повідомлення / mesajul original / mesaj redirectionat / orijinal mesaj / iletilen mesaj / 原始邮件 / 原始郵件 / \
     原邮件 / 转发邮件 / 转发的邮件 / 轉寄郵件 / 元のメッセージ / 転送メッセージ / 원본 메시지 / 원본 메일 / 전달된 메시지 / הודעה מקורית / הודעה שהועברה / \
     الرسالة الأصلية / رسالة معاد توجيهها / tin nhắn goc / thư goc / pesan asli / αρχικο μηνυμα / αρχικό \
     μηνυμα / προωθημενο μηνυμα / izvorna poruka / originalna poruka / algne kiri / original nachricht",
);

/// Phrases that begin a forward without a rule, folded and without the colon.
static ANNOUNCEMENTS: PhraseList = PhraseList::new(
    "begin forwarded message / forwarded message / anfang der weitergeleiteten nachricht / debut du message \
     reexpedie / debut du message transfere / inicio del mensaje reenviado / inizio messaggio inoltrato / \
     inicio da mensagem encaminhada / inicio da mensagem reencaminhada / begin doorgestuurd bericht / \
     vidarebefordrat brev / start pa videresendt besked / videresendt melding / poczatek przekazywanej \
     wiadomosci / początek przekazywanej wiadomosci / początek przekazywanej wiadomości / zacatek preposilane \
     zpravy / valitetty viesti alkaa / начало переадресованного сообщения / начало пересылаемого сообщения / \
     下面是被转发的邮件 / 下面是被轉寄的郵件 / 開始轉寄郵件 / 転送されたメッセージ / 전달된 메시지 시작 / iletilen mesajin baslangici",
);

/// Phrases of help desks, above their own mail.
static REPLY_ABOVE: PhraseList = PhraseList::new(
    "reply above this line / type your reply above / write your reply above / reply above the line / antwort \
     oberhalb dieser linie / oberhalb dieser zeile / uber dieser linie / au-dessus de cette ligne / por encima \
     de esta linea / acima desta linha / sopra questa linea / boven deze lijn",
);

/// The number of lines of a block, with the rule above it, that begins at a line; 0 where none does.
pub(super) fn header_block(lines: &[TextLine<'_>], at: usize) -> usize {
    let Some(line) = lines.get(at) else {
        return 0;
    };
    if REPLY_ABOVE.occurs_in(&line.folded) {
        return 1;
    }
    if is_announced(&line.folded) {
        let below = skip_blanks(lines, at + 1);
        return below + fields(lines, below, true) - at;
    }
    fields(lines, at, false)
}

fn skip_blanks(lines: &[TextLine<'_>], at: usize) -> usize {
    let blank = lines.iter().skip(at).take_while(|line| line.is_blank()).count();
    step_count::add(blank);
    at + blank
}

/// A rule with a phrase, or a phrase alone on its line.
fn is_announced(folded: &str) -> bool {
    let text = folded.trim_matches(|c: char| c == '*' || c == ' ' || c == '>' || c == '|');
    let inner =
        text.trim_matches(|c: char| "-_=#*~—– \u{2500}\u{a0}".contains(c)).trim_end_matches([':', '：']);
    let is_ruled = inner.len() + 4 <= text.len()
        && text.starts_with(['-', '_', '=', '#', '*', '~', '—', '–', '\u{2500}']);
    let is_phrase = PHRASES.after_any(inner).is_some();
    let is_alone = PHRASES.is_one(inner) || ANNOUNCEMENTS.is_one(inner);
    // QQ writes no more than this.
    let is_qq = is_ruled && matches!(inner, "original" | "原始邮件" | "forwarded");
    is_qq || (is_ruled && is_phrase) || is_alone
}

/// The number of lines of the fields that begin at a line; 0 where they are too few to be those of a mail.
fn fields(lines: &[TextLine<'_>], at: usize, is_announced: bool) -> usize {
    let mut kinds: Vec<FieldKind> = Vec::new();
    let (mut end, mut has_address, mut loose) = (0, false, 0);
    for (n, line) in lines.iter().skip(at).take(MAX_LINES).enumerate() {
        step_count::add(1);
        match field(line) {
            Some((kind, value)) => {
                if kinds.is_empty() && kind == FieldKind::Other {
                    return 0;
                }
                has_address |= value.contains('@');
                kinds.push(kind);
                (end, loose) = (n + 1, 0);
            }
            // Programs that turn markup into text put empty lines between fields.
            None if kinds.is_empty() => return 0,
            None if line.is_blank() && loose == 0 => loose = 1,
            None if !line.is_blank() && loose == 0 && is_continuation(line) => {
                has_address |= line.folded.contains('@');
                loose = 1;
            }
            None => break,
        }
    }
    let has = |kind: FieldKind| kinds.contains(&kind);
    let is_dated = has(FieldKind::Date) || has(FieldKind::Sent);
    let others = [is_dated, has(FieldKind::To), has(FieldKind::Subject)].into_iter().filter(|is| *is).count();
    let is_of_mail = has_address || has(FieldKind::Subject) || has(FieldKind::Sent) || is_announced;
    let is_block = has(FieldKind::From) && others >= 1 && is_of_mail
        || is_announced && others >= 2
        || !has(FieldKind::From) && others == 3 && has_address;
    if is_block { end } else { 0 }
}

/// The rest of a long list of recipients or of a subject.
fn is_continuation(line: &TextLine<'_>) -> bool {
    line.raw.starts_with([' ', '\t']) || line.folded.contains('@') || line.folded.len() < 80
}

/// The field that a folded line looks like.
pub(super) fn field_kind(folded: &str) -> Option<FieldKind> {
    let (name, _) = name_and_value(folded)?;
    if name.is_empty() || name.chars().count() > NAME_MAX_CHARS {
        return None;
    }
    let kinds = [
        (&FROM, FieldKind::From),
        (&SENT, FieldKind::Sent),
        (&DATE, FieldKind::Date),
        (&TO, FieldKind::To),
        (&SUBJECT, FieldKind::Subject),
        (&OTHER, FieldKind::Other),
    ];
    kinds.into_iter().find(|(names, _)| names.is_one(name)).map(|(_, kind)| kind)
}

fn name_and_value(folded: &str) -> Option<(&str, &str)> {
    let text = folded.trim_start_matches(['>', '*', ' ', '|', '\u{a0}', '_']);
    let (name, value) = text.split_once([':', '：'])?;
    Some((name.trim_matches(['*', ' ', '\u{a0}', '_']), value.trim_matches(['*', ' '])))
}

fn field<'a>(line: &'a TextLine<'_>) -> Option<(FieldKind, &'a str)> {
    let (_, value) = name_and_value(&line.folded)?;
    Some((line.field?, value))
}
