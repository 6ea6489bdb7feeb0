//! The fields of one entity. Values are unfolded and read by mail-parser one by one, after what it cannot know was
//! repaired: bytes that are no UTF-8, encoded words that are cut inside a character, charsets that lie.

use mail_parser::{Address, GetHeader, HeaderName, HeaderValue, Message, MessageParser};

use super::decode::{decode_text, from_base64_leniently};

/// Of one field; a longer one is cut. A thousand recipients fit.
const FIELD_MAX_BYTES: usize = 64 * 1024;
/// Of all fields of one entity; later ones are left out.
const HEAD_MAX_BYTES: usize = 512 * 1024;
/// Fields of one entity.
const MAX_FIELDS: usize = 400;
/// Addresses that are read of one field.
const MAX_ADDRESSES: usize = 1_000;

/// A mailbox in an address field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailAddress {
    pub name: String,
    /// As written; it may be none that can be used.
    pub address: String,
}

/// The fields of an entity, in order.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    /// Names in lower case, values on one line and not decoded.
    fields: Vec<(String, String)>,
    content_type: Option<MimeType>,
    disposition: Option<MimeType>,
    pub is_cut: bool,
}

/// A Content-Type or Content-Disposition with its parameters.
#[derive(Clone, Debug, Default)]
struct MimeType {
    kind: String,
    subtype: String,
    parameters: Vec<(String, String)>,
}

impl MimeType {
    /// As it is written: what looks like an encoded word in a boundary is none.
    fn parameter(&self, name: &str) -> Option<String> {
        let (_, value) = self.parameters.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(value.clone())
    }
}

impl Fields {
    pub fn of(head: &[u8]) -> Self {
        let mut read = Self::default();
        let mut bytes = 0;
        let mut lines = head.split_inclusive(|byte| *byte == b'\n').peekable();
        while let Some(line) = lines.next() {
            let mut field = line.to_vec();
            let mut last = super::last_visible(line);
            while let Some(more) = lines.next_if(|line| {
                matches!(line.first(), Some(b' ' | b'\t')) || super::is_unmarked_rest(last, line)
            }) {
                last = super::last_visible(more).or(last);
                if field.len() < FIELD_MAX_BYTES {
                    field.extend_from_slice(more);
                }
            }
            bytes += field.len();
            if read.fields.len() >= MAX_FIELDS || bytes > HEAD_MAX_BYTES {
                read.is_cut = true;
                break;
            }
            read.push(&field);
        }
        read.content_type = read.value("content-type").and_then(|value| mime_type("Content-Type", value));
        read.disposition =
            read.value("content-disposition").and_then(|value| mime_type("Content-Disposition", value));
        read
    }

    fn push(&mut self, field: &[u8]) {
        let is_cut = field.len() > FIELD_MAX_BYTES;
        self.is_cut |= is_cut;
        let field = field.get(..FIELD_MAX_BYTES).unwrap_or(field);
        let Some(colon) = field.iter().position(|byte| *byte == b':') else {
            return;
        };
        let (name, value) =
            (field.get(..colon).unwrap_or_default(), field.get(colon + 1..).unwrap_or_default());
        let name = String::from_utf8_lossy(name.trim_ascii()).to_ascii_lowercase();
        let value = decode_text(value, None).replace(['\r', '\n'], "");
        let value: String = value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        if !name.is_empty() {
            self.fields.push((name, value.trim().to_owned()));
        }
    }

    pub(super) fn assume_type(&mut self, kind: &str, subtype: &str) {
        self.content_type =
            Some(MimeType { kind: kind.to_owned(), subtype: subtype.to_owned(), parameters: Vec::new() });
    }

    /// The values of all fields of that name, the topmost first.
    pub fn values<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        let name = name.to_ascii_lowercase();
        self.fields.iter().filter(move |(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    pub fn value(&self, name: &str) -> Option<&str> {
        self.values(name).next()
    }

    /// Every field, its name in lower case.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Type and subtype in lower case.
    pub fn content_type(&self) -> Option<(&str, &str)> {
        self.content_type.as_ref().map(|found| (found.kind.as_str(), found.subtype.as_str()))
    }

    pub fn is_type(&self, kind: &str, subtype: &str) -> bool {
        self.content_type() == Some((kind, subtype))
    }

    pub fn content_type_parameter(&self, name: &str) -> Option<String> {
        self.content_type.as_ref()?.parameter(name)
    }

    pub fn is_attachment(&self) -> bool {
        self.disposition.as_ref().is_some_and(|found| found.kind == "attachment")
    }

    pub fn file_name(&self) -> Option<String> {
        let named = self.disposition.as_ref().and_then(|found| found.parameter("filename"));
        let named = named.or_else(|| self.content_type_parameter("name"));
        // Many programs encode names like texts, which RFC 2047 does not allow.
        let named = named.map(|name| if name.contains("=?") { decode_words(&name) } else { name });
        named.filter(|name| !name.trim().is_empty())
    }

    pub fn transfer_encoding(&self) -> Option<String> {
        let value = self.value("content-transfer-encoding")?;
        let word = value.split(['(', ';', ' ']).next().unwrap_or_default();
        Some(word.trim().to_ascii_lowercase())
    }

    /// The mailboxes of all fields of that name.
    pub fn addresses(&self, name: &str) -> Vec<MailAddress> {
        let found = self.values(name).flat_map(|value| addresses(&merge_words(value)));
        found.take(MAX_ADDRESSES).collect()
    }

    /// Decoded text.
    pub fn text(&self, name: &str) -> Option<String> {
        self.value(name).map(decode_words)
    }

    /// The message ids in all fields of that name, with angle brackets. Text that is no id is left out.
    pub fn ids(&self, name: &str) -> Vec<String> {
        self.values(name).flat_map(message_ids).collect()
    }
}

fn parse(raw: &str) -> Option<Message<'_>> {
    MessageParser::default().parse_headers(raw.as_bytes())
}

/// Written for the beginning of an encoded word, which the library would decode in any parameter.
const UNREAD_WORD: &str = "=\u{e000}?";

fn mime_type(name: &str, value: &str) -> Option<MimeType> {
    let raw = format!("{name}: {}\r\n\r\n", value.replace("=?", UNREAD_WORD));
    let parsed = parse(&raw)?;
    let found = parsed.root_part().headers.first()?.value.as_content_type()?;
    let parameters = found.attributes.iter().flatten();
    Some(MimeType {
        kind: found.c_type.trim().to_ascii_lowercase(),
        subtype: found.c_subtype.as_deref().unwrap_or_default().trim().to_ascii_lowercase(),
        parameters: parameters
            .map(|found| (found.name.to_string(), found.value.replace(UNREAD_WORD, "=?")))
            .collect(),
    })
}

fn addresses(value: &str) -> Vec<MailAddress> {
    let raw = format!("To: {value}\r\n\r\n");
    let Some(parsed) = parse(&raw) else {
        return Vec::new();
    };
    let Some(HeaderValue::Address(found)) = parsed.root_part().headers.header_value(&HeaderName::To) else {
        return Vec::new();
    };
    let listed = match found {
        Address::List(list) => list.iter().collect::<Vec<_>>(),
        Address::Group(groups) => groups.iter().flat_map(|group| &group.addresses).collect(),
    };
    let read = listed.into_iter().map(|found| MailAddress {
        name: clean(&decode_words(found.name.as_deref().unwrap_or_default())),
        address: found.address.as_deref().unwrap_or_default().trim().to_owned(),
    });
    read.filter(|found| !found.address.is_empty() || !found.name.is_empty()).collect()
}

/// A display name on one line, without what turns the direction of text or cannot be seen.
pub fn clean(text: &str) -> String {
    let plain = text.chars().map(|c| if c.is_control() { ' ' } else { c }).filter(|c| !is_invisible(*c));
    plain.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Format characters (Unicode, Cf) that hide text or turn its direction.
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{00ad}' | '\u{180e}' | '\u{e0000}'..='\u{e007f}')
}

fn message_ids(value: &str) -> Vec<String> {
    let between = value.split('<').skip(1).filter_map(|rest| rest.split_once('>')).map(|(id, _)| id);
    let ids: Vec<String> = between.filter_map(message_id).collect();
    if !ids.is_empty() || value.contains('<') {
        return ids;
    }
    // Some programs leave the brackets out.
    value.split_whitespace().filter(|word| word.contains('@')).filter_map(message_id).collect()
}

/// Longest message id that is kept (RFC 5322, 2.1.1: a line).
const ID_MAX_BYTES: usize = 998;

fn message_id(text: &str) -> Option<String> {
    let id: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let is_usable = !id.is_empty()
        && id.len() <= ID_MAX_BYTES
        && id.chars().all(|c| !c.is_control() && !matches!(c, '<' | '>' | ','));
    is_usable.then(|| format!("<{id}>"))
}

/// An encoded word (RFC 2047) at the beginning of a text: its charset, its bytes, and the rest of the text.
fn encoded_word(text: &str) -> Option<(&str, Vec<u8>, &str)> {
    let rest = text.strip_prefix("=?")?;
    let (charset, rest) = rest.split_once('?')?;
    let (encoding, rest) = rest.split_once('?')?;
    let (data, rest) = rest.split_once("?=")?;
    let charset = charset.split('*').next().unwrap_or_default();
    if charset.is_empty() || charset.contains(char::is_whitespace) {
        return None;
    }
    let bytes = match encoding {
        "B" | "b" => from_base64_leniently(data.as_bytes()),
        "Q" | "q" => from_q(data),
        _ => return None,
    };
    Some((charset, bytes, rest))
}

fn from_q(data: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(data.len());
    let mut rest = data.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        let hex = tail.get(..2).and_then(|hex| hex::decode(hex).ok()).and_then(|hex| hex.first().copied());
        match (first, hex) {
            (b'=', Some(byte)) => {
                bytes.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            (b'_', _) => bytes.push(b' '),
            (byte, _) => bytes.push(*byte),
        }
    }
    bytes
}

/// Replaces each run of encoded words by what `write` makes of its text; spaces inside a run belong to it.
fn replace_words(text: &str, write: impl Fn(&str) -> String) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("=?") {
        let (before, from) = rest.split_at(start);
        let Some((charset, mut bytes, mut after)) = encoded_word(from) else {
            replaced.push_str(before);
            replaced.push_str("=?");
            rest = from.get(2..).unwrap_or_default();
            continue;
        };
        let mut decoded = String::new();
        let mut charset = charset.to_owned();
        while let Some((next, more, end)) = encoded_word(after.trim_start()) {
            if next.eq_ignore_ascii_case(&charset) {
                bytes.extend(more);
            } else {
                decoded.push_str(&decode_text(&bytes, Some(&charset)));
                (charset, bytes) = (next.to_owned(), more);
            }
            after = end;
        }
        decoded.push_str(&decode_text(&bytes, Some(&charset)));
        replaced.push_str(before);
        replaced.push_str(&write(&decoded));
        rest = after;
    }
    replaced.push_str(rest);
    replaced
}

/// Encoded words as text.
pub fn decode_words(text: &str) -> String {
    clean(&replace_words(text, str::to_owned))
}

/// Each run of encoded words as one in UTF-8, still encoded: a comma inside a name separates nothing.
fn merge_words(text: &str) -> String {
    use base64::Engine as _;
    replace_words(text, |decoded| {
        let encoded = base64::engine::general_purpose::STANDARD.encode(clean(decoded));
        format!("=?utf-8?B?{encoded}?=")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(head: &str) -> Fields {
        Fields::of(head.as_bytes())
    }

    #[test]
    fn words_are_decoded_whatever_program_encoded_them() {
        for (text, expected) in [
            ("=?utf-8?Q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
            ("=?UTF-8?B?R3LDvMOfZQ==?= again", "Grüße again"),
            ("=?utf-8?B?R3LD?= =?utf-8?B?vMOfZQ==?=", "Grüße"),
            ("=?iso-8859-1?Q?Gr=FC=DFe?=", "Grüße"),
            ("=?iso-8859-1?Q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
            ("=?utf-8?Q?a b?= c", "a b c"),
            ("=?utf-8?X?abc?=", "=?utf-8?X?abc?="),
            ("=?utf-8?Q?a=0D=0ABcc:_x?=", "a Bcc: x"),
            ("=?utf-8*en?Q?Hello?=", "Hello"),
            ("=?", "=?"),
            ("Price =?= 5", "Price =?= 5"),
        ] {
            assert_eq!(decode_words(text), expected, "{text}");
        }
    }

    #[test]
    fn addresses_are_read_with_their_names() {
        let found = |value: &str| -> Vec<(String, String)> {
            let found = fields(&format!("To: {value}\n")).addresses("to");
            found.into_iter().map(|found| (found.name, found.address)).collect()
        };
        let pair = |name: &str, address: &str| (name.to_owned(), address.to_owned());
        assert_eq!(
            found("=?utf-8?Q?Smith,_Ann?= <ann@example.com>"),
            [pair("Smith, Ann", "ann@example.com")]
        );
        assert_eq!(found("\"=?utf-8?Q?Ann?=\" <a@example.com>"), [pair("Ann", "a@example.com")]);
        assert_eq!(
            found("a@example.com, B <b@example.com>"),
            [pair("", "a@example.com"), pair("B", "b@example.com")]
        );
        assert_eq!(found("undisclosed-recipients:;"), []);
        assert_eq!(found("Team: a@example.com, b@example.com;").len(), 2);
        assert_eq!(found("Ann\u{202e}moc <a@example.com>"), [pair("Annmoc", "a@example.com")]);
    }

    #[test]
    fn ids_are_kept_with_their_brackets_and_other_text_is_not() {
        let of = |value: &str| fields(&format!("References: {value}\n")).ids("references");
        assert_eq!(of("<a@x> <b@y>"), ["<a@x>", "<b@y>"]);
        assert_eq!(of("<a@x><b@y>"), ["<a@x>", "<b@y>"]);
        assert_eq!(of("a@x"), ["<a@x>"]);
        assert_eq!(of("your message of Monday"), Vec::<String>::new());
        assert_eq!(of("<a\n b@x>"), ["<ab@x>"]);
        assert_eq!(of("<a@x"), Vec::<String>::new());
    }

    #[test]
    fn a_folded_field_is_one_line_and_bytes_are_text() {
        let head = b"Subject: one\r\n two\r\nX: Gr\xfc\xdfe\r\nno field\r\nX: 2\r\n";
        let found = Fields::of(head);
        assert_eq!(found.value("Subject"), Some("one two"));
        assert_eq!(found.values("x").collect::<Vec<_>>(), ["Grüße", "2"]);
    }

    #[test]
    fn a_file_has_the_name_of_either_standard() {
        for (head, expected) in [
            ("Content-Disposition: attachment; filename=a.pdf", "a.pdf"),
            ("Content-Disposition: attachment; filename*=utf-8''Gr%C3%BC%C3%9Fe.pdf", "Grüße.pdf"),
            ("Content-Disposition: attachment; filename*0=\"long\"; filename*1=\"er.pdf\"", "longer.pdf"),
            ("Content-Disposition: attachment; filename=\"=?utf-8?Q?Gr=C3=BC=C3=9Fe.pdf?=\"", "Grüße.pdf"),
            ("Content-Type: application/pdf; name=b.pdf", "b.pdf"),
        ] {
            assert_eq!(fields(&format!("{head}\n")).file_name().as_deref(), Some(expected), "{head}");
        }
    }
}
