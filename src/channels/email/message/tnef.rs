//! Outlook's winmail.dat (MS-OXTNEF): the files in it, and the text where the mail has no other. Compressed rich text is
//! not unpacked. Each length is checked against what is there.

use super::super::html;
use super::super::mime::decode_text;
use super::{MailFile, MailLimits};

const SIGNATURE: u32 = 0x223e_9f78;
const LEVEL_ATTACHMENT: u8 = 2;
/// Attributes (MS-OXTNEF, 2.1.3.3).
const ATTACH_REND_DATA: u32 = 0x0006_9002;
const ATTACH_TITLE: u32 = 0x0001_8010;
const ATTACH_DATA: u32 = 0x0006_800f;
const ATTACH_PROPERTIES: u32 = 0x0006_9005;
const BODY: u32 = 0x0002_800c;
const MESSAGE_PROPERTIES: u32 = 0x0006_9003;
/// Properties (MS-OXPROPS).
const PR_BODY: u16 = 0x1000;
const PR_HTML: u16 = 0x1013;
const PR_ATTACH_FILENAME: u16 = 0x3704;
const PR_ATTACH_LONG_FILENAME: u16 = 0x3707;
const PR_ATTACH_MIME_TAG: u16 = 0x370e;
/// Attributes and properties that are read of one file.
const MAX_ITEMS: usize = 2_000;

/// What was packed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Packed {
    pub text: String,
    pub files: Vec<MailFile>,
}

pub(super) fn open(bytes: &[u8], limits: &MailLimits) -> Option<Packed> {
    let mut input = Input(bytes);
    if input.u32()? != SIGNATURE {
        return None;
    }
    input.take(2)?;
    let mut packed = Packed::default();
    for _ in 0..MAX_ITEMS {
        let Some((level, id, value)) = attribute(&mut input) else {
            break;
        };
        if level == LEVEL_ATTACHMENT {
            packed.attachment(id, value, limits);
        } else {
            packed.message(id, value, limits);
        }
    }
    packed.files.retain(|file| !file.bytes.is_empty());
    Some(packed)
}

fn attribute<'a>(input: &mut Input<'a>) -> Option<(u8, u32, &'a [u8])> {
    let level = input.u8()?;
    let id = input.u32()?;
    let length = usize::try_from(input.u32()?).ok()?;
    let value = input.take(length)?;
    // The checksum; a cut file ends without one.
    let _checksum = input.take(2);
    Some((level, id, value))
}

impl Packed {
    fn attachment(&mut self, id: u32, value: &[u8], limits: &MailLimits) {
        if id == ATTACH_REND_DATA && self.files.len() < limits.max_files {
            self.files.push(MailFile {
                name: None,
                content_type: "application/octet-stream".to_owned(),
                bytes: Vec::new(),
            });
        }
        let Some(file) = self.files.last_mut() else {
            return;
        };
        match id {
            ATTACH_TITLE if file.name.is_none() => file.name = Some(string(value)),
            ATTACH_DATA if value.len() <= limits.file_max_bytes => file.bytes = value.to_vec(),
            ATTACH_PROPERTIES => {
                for (property, value) in properties(value) {
                    match property {
                        PR_ATTACH_LONG_FILENAME => file.name = Some(value.text()),
                        PR_ATTACH_FILENAME if file.name.is_none() => file.name = Some(value.text()),
                        PR_ATTACH_MIME_TAG => file.content_type = value.text().to_lowercase(),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }

    fn message(&mut self, id: u32, value: &[u8], limits: &MailLimits) {
        match id {
            BODY => self.text = string(value),
            MESSAGE_PROPERTIES => {
                for (property, value) in properties(value) {
                    match property {
                        PR_BODY if self.text.is_empty() => self.text = value.text(),
                        PR_HTML if self.text.is_empty() => {
                            self.text = html::to_text(&value.text(), limits.text_max_chars);
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
}

/// The value of a property.
struct Value<'a> {
    bytes: &'a [u8],
    is_unicode: bool,
}

impl Value<'_> {
    fn text(&self) -> String {
        if !self.is_unicode {
            return string(self.bytes);
        }
        let units = self.bytes.chunks_exact(2).map(|pair| match pair {
            [low, high] => u16::from_le_bytes([*low, *high]),
            _ => 0,
        });
        let text: String = char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect();
        text.trim_end_matches('\0').to_owned()
    }
}

/// Properties with a value of variable length (MS-OXTNEF, 2.1.3.4); the others are skipped.
fn properties(bytes: &[u8]) -> Vec<(u16, Value<'_>)> {
    let mut input = Input(bytes);
    let mut found = Vec::new();
    let count = input.u32().and_then(|count| usize::try_from(count).ok()).unwrap_or(0);
    for _ in 0..count.min(MAX_ITEMS) {
        if property(&mut input, &mut found).is_none() {
            break;
        }
    }
    found
}

fn property<'a>(input: &mut Input<'a>, found: &mut Vec<(u16, Value<'a>)>) -> Option<()> {
    let kind = input.u16()?;
    let id = input.u16()?;
    if id >= 0x8000 {
        named(input)?;
    }
    let is_multiple = kind & 0x1000 != 0;
    match kind & 0x0fff {
        // Strings, binaries and objects: a count of values, each with its length.
        0x1e | 0x1f | 0x102 | 0x0d => {
            let count = usize::try_from(input.u32()?).ok()?;
            for _ in 0..count.min(MAX_ITEMS) {
                let length = usize::try_from(input.u32()?).ok()?;
                let bytes = input.take(length)?;
                input.take(padding(length))?;
                found.push((id, Value { bytes, is_unicode: kind & 0x0fff == 0x1f }));
            }
        }
        fixed => {
            let width: usize = match fixed {
                0x02 | 0x03 | 0x04 | 0x0a | 0x0b => 4,
                0x05 | 0x06 | 0x07 | 0x14 | 0x40 => 8,
                0x48 => 16,
                _ => return None,
            };
            let count = if is_multiple { usize::try_from(input.u32()?).ok()? } else { 1 };
            input.take(width.checked_mul(count)?)?;
        }
    }
    Some(())
}

/// The name of a named property: nothing that is needed here.
fn named(input: &mut Input<'_>) -> Option<()> {
    input.take(16)?;
    if input.u32()? == 0 {
        input.take(4)?;
    } else {
        let length = usize::try_from(input.u32()?).ok()?;
        input.take(length)?;
        input.take(padding(length))?;
    }
    Some(())
}

fn padding(length: usize) -> usize {
    (4 - length % 4) % 4
}

fn string(bytes: &[u8]) -> String {
    decode_text(bytes, None).trim_end_matches('\0').to_owned()
}

/// What is left to read.
struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn u8(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn u16(&mut self) -> Option<u16> {
        self.take(2)?.try_into().ok().map(u16::from_le_bytes)
    }

    fn u32(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_le_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribute(level: u8, id: u32, value: &[u8]) -> Vec<u8> {
        let length = u32::try_from(value.len()).unwrap();
        let sum = value.iter().fold(0_u16, |sum, byte| sum.wrapping_add(u16::from(*byte)));
        [&[level][..], &id.to_le_bytes(), &length.to_le_bytes(), value, &sum.to_le_bytes()].concat()
    }

    fn winmail() -> Vec<u8> {
        let long: Vec<u8> = "Über.pdf\0".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut properties = 1_u32.to_le_bytes().to_vec();
        properties.extend(0x001f_u16.to_le_bytes());
        properties.extend(PR_ATTACH_LONG_FILENAME.to_le_bytes());
        properties.extend(1_u32.to_le_bytes());
        properties.extend(u32::try_from(long.len()).unwrap().to_le_bytes());
        properties.extend(&long);
        properties.extend(vec![0; padding(long.len())]);
        [
            SIGNATURE.to_le_bytes().to_vec(),
            vec![1, 0],
            attribute(1, BODY, b"How do I export?\0"),
            attribute(2, ATTACH_REND_DATA, &[0; 14]),
            attribute(2, ATTACH_TITLE, b"UBER~1.PDF\0"),
            attribute(2, ATTACH_DATA, b"%PDF"),
            attribute(2, ATTACH_PROPERTIES, &properties),
        ]
        .concat()
    }

    #[test]
    fn files_and_text_are_found() {
        let packed = open(&winmail(), &MailLimits::default()).unwrap();
        assert_eq!(packed.text, "How do I export?");
        let names: Vec<_> =
            packed.files.iter().map(|file| (file.name.as_deref(), file.bytes.as_slice())).collect();
        assert_eq!(names, [(Some("Über.pdf"), &b"%PDF"[..])]);
    }

    #[test]
    fn a_cut_file_gives_what_it_holds() {
        let whole = winmail();
        for length in 0..whole.len() {
            let _ = open(&whole[..length], &MailLimits::default());
        }
        assert_eq!(open(b"no winmail at all", &MailLimits::default()), None);
    }
}
