//! Transfer encodings and charsets. Declared charsets lie: bytes that are valid UTF-8 are read as that, and a charset
//! that does not fit its bytes is replaced by the nearest one that does. Base64 is read leniently, because lists append
//! footers to it and mails are cut.

use encoding_rs::{EUC_KR, Encoding, GB18030, ISO_2022_JP, UTF_8, WINDOWS_1252};
use mail_parser::decoders::charsets::map::charset_decoder;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use unicode_normalization::UnicodeNormalization;

/// The content behind a transfer encoding (RFC 2045, 6).
pub(super) fn transfer(body: &[u8], encoding: Option<&str>) -> Vec<u8> {
    match encoding {
        Some("base64") => from_base64_leniently(body),
        Some("quoted-printable") => quoted_printable_decode(body).unwrap_or_else(|| body.to_vec()),
        Some(_) | None => body.to_vec(),
    }
}

/// The bytes of base64 up to the first text that is none: foreign characters between lines are skipped, a footer ends it.
pub(super) fn from_base64_leniently(body: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(body.len() / 4 * 3);
    let (mut group, mut bits) = (0_u32, 0_u32);
    let lines = body.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    for byte in lines.take_while(|line| !is_text(line)).flatten() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            // What follows the padding is not of it.
            b'=' => break,
            _ => continue,
        };
        group = (group << 6) | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            decoded.push(u8::try_from((group >> bits) & 0xff).unwrap_or_default());
        }
    }
    decoded
}

/// A line that is no base64: a footer, or words.
fn is_text(line: &[u8]) -> bool {
    line.starts_with(b"--") || line.contains(&b' ')
}

/// Text from bytes in a declared charset. Composed characters are used where they exist (NFC).
pub fn decode_text(bytes: &[u8], charset: Option<&str>) -> String {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = decode(bytes, charset.map(str::trim));
    let text: String = text.chars().filter(|c| *c != '\0' && *c != '\u{feff}').collect();
    if text.is_ascii() { text } else { text.nfc().collect() }
}

fn decode(bytes: &[u8], charset: Option<&str>) -> String {
    // Who declares ASCII and writes more than that declares nothing.
    let charset = charset.filter(|name| !name.to_ascii_lowercase().contains("ascii"));
    let declared = charset.and_then(|name| Encoding::for_label(name.as_bytes()));
    let is_stateful =
        declared.is_some_and(|encoding| encoding == ISO_2022_JP || !encoding.is_ascii_compatible());
    if let (false, Ok(text)) = (is_stateful, std::str::from_utf8(bytes))
        && !is_seven_bit_charset(charset)
        && !has_shift(bytes)
    {
        return text.to_owned();
    }
    if has_shift(bytes) && declared.is_none_or(|encoding| encoding != UTF_8) || is_japanese_shift(bytes) {
        let (text, _, has_errors) = ISO_2022_JP.decode(bytes);
        if !has_errors {
            return text.into_owned();
        }
    }
    if let Some(encoding) = declared.filter(|encoding| *encoding != UTF_8) {
        let (text, _, has_errors) = encoding.decode(bytes);
        return if has_errors { fallback(bytes) } else { text.into_owned() };
    }
    // Charsets that browsers do not know, such as UTF-7 and the code pages of DOS.
    if declared.is_none()
        && let Some(decoder) = charset.and_then(|name| charset_decoder(name.as_bytes()))
    {
        return decoder(bytes);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => fallback(bytes),
    }
}

/// Charsets whose bytes are ASCII and mean something else.
fn is_seven_bit_charset(charset: Option<&str>) -> bool {
    let name = charset.unwrap_or_default().to_ascii_lowercase();
    matches!(name.as_str(), "utf-7" | "utf7" | "unicode-1-1-utf-7" | "hz-gb-2312" | "iso-2022-kr")
}

/// The escape sequences of ISO 2022.
fn has_shift(bytes: &[u8]) -> bool {
    bytes.windows(2).any(|pair| pair == b"\x1b$" || pair == b"\x1b(")
}

fn is_japanese_shift(bytes: &[u8]) -> bool {
    bytes.windows(3).any(|escape| escape == b"\x1b$B" || escape == b"\x1b$@")
}

/// The charset that the bytes are in most likely, where the declared one does not fit.
fn fallback(bytes: &[u8]) -> String {
    // A few broken bytes in UTF-8, as where a mail was cut inside a character, are no reason to read all of it as Latin.
    let lossy = String::from_utf8_lossy(bytes);
    let (wrong, foreign) = lossy.chars().fold((0_usize, 0_usize), |(wrong, foreign), c| match c {
        '\u{fffd}' => (wrong + 1, foreign),
        c if c.is_ascii() => (wrong, foreign),
        _ => (wrong, foreign + 1),
    });
    if foreign > wrong * 4 {
        return lossy.into_owned();
    }
    for encoding in [GB18030, EUC_KR] {
        if let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(bytes)
            && is_mostly_ideographs(&text)
        {
            return text.into_owned();
        }
    }
    WINDOWS_1252.decode(bytes).0.into_owned()
}

/// Whether what is not ASCII is in the common ranges of Chinese or Korean: Latin text read so is not.
fn is_mostly_ideographs(text: &str) -> bool {
    let foreign: Vec<char> = text.chars().filter(|c| !c.is_ascii()).collect();
    let common = foreign.iter().filter(|c| {
        matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ffef}')
    });
    // Two Latin letters in a row with accents are rare, runs of four ideographs are not.
    let mut run = 0;
    let longest = text.chars().fold(0, |longest, c| {
        run = if c.is_ascii() { 0 } else { run + 1 };
        longest.max(run)
    });
    longest >= 4 && common.count() * 10 >= foreign.len() * 9
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_charset_that_lies_gives_way_to_the_bytes() {
        let cases: [(&[u8], Option<&str>, &str); 16] = [
            ("Grüße".as_bytes(), Some("iso-8859-1"), "Grüße"),
            ("Grüße".as_bytes(), Some("us-ascii"), "Grüße"),
            ("Grüße".as_bytes(), None, "Grüße"),
            (b"Gr\xfc\xdfe", Some("utf-8"), "Grüße"),
            (b"Gr\xfc\xdfe", None, "Grüße"),
            (b"Gr\xfc\xdfe", Some("x-unknown"), "Grüße"),
            (b"5\x80", Some("iso-8859-1"), "5€"),
            (b"Xin ch\xe0o, vi\xea\xf2t", Some("windows-1258"), "Xin chào, việt"),
            (b"\x1b$B%O%m!<\x1b(B", Some("iso-2022-jp"), "ハロー"),
            (b"\x1b$B%O%m!<\x1b(B", Some("utf-8"), "ハロー"),
            (b"\xc4\xe3\xba\xc3\xa3\xac\xca\xc0\xbd\xe7", Some("gb18030"), "你好，世界"),
            (b"\xc4\xe3\xba\xc3\xa3\xac\xca\xc0\xbd\xe7", Some("us-ascii"), "你好，世界"),
            (b"\xbe\xc8\xb3\xe7\xc7\xcf\xbc\xbc\xbf\xe4", Some("ks_c_5601-1987"), "안녕하세요"),
            (b"+ZYeB9FH6ckh5Pg-", Some("utf-7"), "文致出版社"),
            (b"\x9b\x9c", Some("ibm850"), "ø£"),
            (b"cafe\xcc\x81\0", Some("utf-8"), "café"),
        ];
        for (bytes, charset, expected) in cases {
            assert_eq!(decode_text(bytes, charset), expected, "{charset:?}");
        }
    }

    #[test]
    fn base64_is_read_as_far_as_it_goes() {
        for (body, expected) in [
            ("SGVsbG8=", "Hello"),
            ("SGVs\r\nbG8=\r\n-- \r\nA list", "Hello"),
            ("SGVsbG8", "Hello"),
            ("SGVs!bG8", "Hello"),
            ("", ""),
        ] {
            assert_eq!(from_base64_leniently(body.as_bytes()), expected.as_bytes(), "{body}");
        }
    }
}
