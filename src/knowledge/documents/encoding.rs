//! Text decoding: byte order marks, UTF-8, UTF-16 without a mark, and legacy encodings by detection.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// Bytes that are looked at to recognise UTF-16 and binary files.
const SAMPLE: usize = 4_096;

/// The text with `\n` line ends, and the name of its encoding unless that is UTF-8; `None` if it is no text.
pub(super) fn decode(bytes: &[u8]) -> Option<(String, Option<&'static str>)> {
    let encoding = encoding(bytes)?;
    let (text, _) = encoding.decode_with_bom_removal(bytes);
    let text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\u{feff}', "");
    let name = (encoding != UTF_8).then(|| encoding.name());
    Some((text, name))
}

fn encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return Some(encoding);
    }
    let sample = bytes.get(..SAMPLE).unwrap_or(bytes);
    if sample.contains(&0) {
        return utf_16(sample);
    }
    let controls = sample.iter().filter(|byte| is_control(**byte)).count();
    if controls * 50 > sample.len() {
        return None;
    }
    if std::str::from_utf8(bytes).is_ok() {
        return Some(UTF_8);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    Some(detector.guess(None, Utf8Detection::Allow))
}

/// Text in UTF-16 has its zero bytes in every other place; other files with zero bytes are binary.
fn utf_16(sample: &[u8]) -> Option<&'static Encoding> {
    let zeros = |offset: usize| sample.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let many = sample.len() / 5;
    if odd > many && even * 10 < odd {
        Some(UTF_16LE)
    } else if even > many && odd * 10 < even {
        Some(UTF_16BE)
    } else {
        None
    }
}

fn is_control(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_encodings_become_the_same_text() {
        let text = "# Über uns\n\nWir öffnen um 9 Uhr – täglich außer samstags.\n";
        let utf_16 = |unit: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(unit).collect::<Vec<u8>>();
        let marked = |mark: &[u8], bytes: &[u8]| [mark, bytes].concat();
        let latin = encoding_rs::WINDOWS_1252.encode(text).0.into_owned();
        for (bytes, name) in [
            (text.as_bytes().to_vec(), None),
            (marked(b"\xef\xbb\xbf", text.as_bytes()), None),
            (text.replace('\n', "\r\n").into_bytes(), None),
            (text.replace('\n', "\r").into_bytes(), None),
            (marked(b"\xff\xfe", &utf_16(u16::to_le_bytes)), Some("UTF-16LE")),
            (marked(b"\xfe\xff", &utf_16(u16::to_be_bytes)), Some("UTF-16BE")),
            (utf_16(u16::to_le_bytes), Some("UTF-16LE")),
            (utf_16(u16::to_be_bytes), Some("UTF-16BE")),
            (latin, Some("windows-1252")),
        ] {
            assert_eq!(decode(&bytes), Some((text.to_owned(), name)));
        }
    }

    #[test]
    fn other_alphabets_are_detected() {
        let text = "Как сбросить пароль? Откройте настройки и выберите «Сбросить».";
        let bytes = encoding_rs::WINDOWS_1251.encode(text).0.into_owned();
        assert_eq!(decode(&bytes), Some((text.to_owned(), Some("windows-1251"))));
    }

    #[test]
    fn binary_files_are_no_text() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\0\0\0\x02\0\x08\x06\0\0\0";
        for bytes in [png.as_slice(), b"\x01\x02\x03\x04\x05 abc"] {
            assert_eq!(decode(bytes), None);
        }
        assert_eq!(decode(b""), Some((String::new(), None)));
    }
}
