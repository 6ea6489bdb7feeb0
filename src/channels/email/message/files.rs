//! The files of a mail, within limits. What is text, structure or a signature is no file.

use super::super::mime::Entity;
use super::{MailFile, MailLimits, MailRemark, ParsedMail, tnef};

/// Longest name that is kept.
const NAME_MAX_CHARS: usize = 200;
/// Longest type that is kept.
const TYPE_MAX_CHARS: usize = 200;

pub(super) fn collect(root: &Entity<'_>, limits: &MailLimits, mail: &mut ParsedMail) {
    let mut collector = Collector { limits, mail };
    collector.entity(root, Place { is_root: true, ..Place::default() });
}

/// Where an entity stands.
#[derive(Clone, Copy, Default)]
struct Place {
    is_root: bool,
    in_alternative: bool,
    in_report: bool,
    /// The first part of its multipart: the text of a mail.
    is_first: bool,
}

struct Collector<'a> {
    limits: &'a MailLimits,
    mail: &'a mut ParsedMail,
}

impl Collector<'_> {
    fn entity(&mut self, entity: &Entity<'_>, place: Place) {
        if entity.is_multipart() {
            return self.children(entity, place);
        }
        if entity.fields.is_type("text", "calendar") || entity.fields.is_type("application", "ics") {
            self.mail.remarks.insert(MailRemark::Calendar);
        }
        let (kind, subtype) = entity.fields.content_type().unwrap_or(("text", "plain"));
        if self.is_text(entity, kind, subtype, place) || is_machinery(kind, subtype, place) {
            return;
        }
        let name = entity.fields.file_name();
        let is_winmail = subtype.contains("ms-tnef")
            || name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case("winmail.dat"));
        if is_winmail && self.winmail(entity) {
            return;
        }
        let content_type = format!("{kind}/{subtype}");
        let bytes = if entity.is_message() { entity.body.to_vec() } else { entity.content() };
        self.add(name, content_type, bytes);
    }

    fn children(&mut self, entity: &Entity<'_>, place: Place) {
        let subtype = entity.fields.content_type().map_or("", |(_, subtype)| subtype);
        for (n, child) in entity.children.iter().enumerate() {
            let place = Place {
                is_root: false,
                in_alternative: place.in_alternative || subtype == "alternative",
                in_report: subtype == "report",
                is_first: n == 0,
            };
            self.entity(child, place);
        }
    }

    /// Whether the entity is shown as text of the mail.
    fn is_text(&self, entity: &Entity<'_>, kind: &str, subtype: &str, place: Place) -> bool {
        if kind != "text" || entity.fields.is_attachment() {
            return false;
        }
        if place.in_alternative {
            return true;
        }
        let is_named = entity.fields.file_name().is_some();
        match subtype {
            "plain" | "html" | "enriched" | "richtext" | "" => place.is_root || place.is_first || !is_named,
            _ => false,
        }
    }

    /// Opens what Outlook packed; `false` where it is nothing of the kind.
    fn winmail(&mut self, entity: &Entity<'_>) -> bool {
        let Some(packed) = tnef::open(&entity.content(), self.limits) else {
            return false;
        };
        self.mail.remarks.insert(MailRemark::Winmail);
        // Used where the mail has no other text.
        self.mail.text = packed.text;
        for file in packed.files {
            self.add(file.name, file.content_type, file.bytes);
        }
        true
    }

    fn add(&mut self, name: Option<String>, content_type: String, bytes: Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        if self.mail.files.len() >= self.limits.max_files || bytes.len() > self.limits.file_max_bytes {
            self.mail.remarks.insert(MailRemark::FilesLeftOut);
            return;
        }
        let name = name.map(|name| safe_name(&name)).filter(|name| !name.is_empty());
        let content_type = content_type.chars().filter(|c| !c.is_control()).take(TYPE_MAX_CHARS).collect();
        self.mail.files.push(MailFile { name, content_type, bytes });
    }
}

/// Parts that programs write for programs.
fn is_machinery(kind: &str, subtype: &str, place: Place) -> bool {
    let is_signature = matches!(
        (kind, subtype),
        ("application", "pgp-signature" | "pkcs7-signature" | "x-pkcs7-signature" | "pgp-encrypted")
    );
    let is_status = kind == "message"
        && matches!(
            subtype,
            "delivery-status" | "global-delivery-status" | "disposition-notification" | "feedback-report"
        );
    let is_returned = place.in_report && !place.is_first;
    // Microsoft's second form of a text, and Apple's.
    let is_second_form = place.in_alternative && kind == "text";
    is_signature || is_status || is_returned || is_second_form
}

/// A name without folders, on one line.
fn safe_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().filter(|c| !c.is_control()).take(NAME_MAX_CHARS).collect();
    plain.trim().trim_start_matches('.').to_owned()
}
