//! The readable text of a mail: which of its parts are text, and which of several forms of the same text is read.

use super::super::html;
use super::super::mime::{Entity, is_invisible};
use super::{MailLimits, MailRemark, ParsedMail, calendar};

/// A text beside an HTML part that is shorter than this and says that the mail is HTML is no text of the mail.
const PLACEHOLDER_MAX_CHARS: usize = 400;
/// Of such texts, in lower case.
const PLACEHOLDERS: &[&str] = &[
    "html",
    "view this email in",
    "view this message in",
    "your browser",
    "im browser",
    "unterstützt kein",
    "navigateur",
    "navegador",
];
const PGP_MESSAGE: &str = "-----BEGIN PGP MESSAGE-----";
const PGP_SIGNED: &str = "-----BEGIN PGP SIGNED MESSAGE-----";
const PGP_SIGNATURE: &str = "-----BEGIN PGP SIGNATURE-----";

pub(super) fn read(root: &Entity<'_>, limits: &MailLimits, mail: &mut ParsedMail) {
    let mut reader = PartReader { limits, mail };
    let mut text = reader.text(root);
    if text.trim().is_empty() {
        text = reader.inner_text(root);
    }
    if text.trim().is_empty() && reader.mail.text.trim().is_empty() {
        text = calendar::first(root).map(|invitation| invitation.text()).unwrap_or_default();
    }
    let text = if text.trim().is_empty() { std::mem::take(&mut reader.mail.text) } else { text };
    mail.text = tidy(&text, limits.text_max_chars, &mut mail.remarks);
}

struct PartReader<'a> {
    limits: &'a MailLimits,
    mail: &'a mut ParsedMail,
}

impl PartReader<'_> {
    fn text(&mut self, entity: &Entity<'_>) -> String {
        if entity.is_multipart() {
            return self.multipart(entity);
        }
        let (kind, subtype) = entity.fields.content_type().unwrap_or(("text", "plain"));
        match (kind, subtype) {
            ("text", _) if entity.fields.is_attachment() => String::new(),
            ("text", "html") => html::to_text(&entity.text(), self.limits.text_max_chars),
            ("text", "plain" | "enriched" | "richtext") => self.plain(entity),
            // A single part of an unknown kind of text is still text.
            ("text", "") => self.plain(entity),
            ("application", "pkcs7-mime" | "x-pkcs7-mime") => {
                let kind = entity.fields.content_type_parameter("smime-type").unwrap_or_default();
                let is_signed = kind.eq_ignore_ascii_case("signed-data");
                self.mail.remarks.insert(if is_signed {
                    MailRemark::SmimeOpaque
                } else {
                    MailRemark::SmimeEncrypted
                });
                String::new()
            }
            _ => String::new(),
        }
    }

    fn multipart(&mut self, entity: &Entity<'_>) -> String {
        let subtype = entity.fields.content_type().map_or("mixed", |(_, subtype)| subtype);
        match subtype {
            _ if entity.children.is_empty() && subtype != "encrypted" => self.without_parts(entity),
            "alternative" => self.alternative(&entity.children),
            "related" => entity.children.first().map(|root| self.text(root)).unwrap_or_default(),
            "signed" => {
                let protocol = entity.fields.content_type_parameter("protocol").unwrap_or_default();
                let is_pgp = protocol.to_lowercase().contains("pgp");
                self.mail.remarks.insert(if is_pgp {
                    MailRemark::PgpSigned
                } else {
                    MailRemark::SmimeSigned
                });
                entity.children.first().map(|signed| self.text(signed)).unwrap_or_default()
            }
            "encrypted" => {
                self.mail.remarks.insert(MailRemark::PgpEncrypted);
                String::new()
            }
            _ => self.mixed(entity),
        }
    }

    /// Without delimiters there are no parts, and the whole body is the text.
    fn without_parts(&mut self, entity: &Entity<'_>) -> String {
        self.mail.remarks.insert(MailRemark::Broken);
        super::super::mime::decode_text(entity.body, None)
    }

    fn mixed(&mut self, entity: &Entity<'_>) -> String {
        let is_report = entity.fields.is_type("multipart", "report");
        let mut texts = Vec::new();
        for child in &entity.children {
            // Files that are shown as text are files all the same.
            let is_file = child.fields.file_name().is_some() && !child.is_multipart() && !texts.is_empty();
            if is_file || (is_report && !texts.is_empty()) {
                continue;
            }
            let text = self.text(child);
            if !text.trim().is_empty() {
                texts.push(text.trim_end().to_owned());
            }
        }
        texts.join("\n\n")
    }

    /// The plain form, unless it says nothing.
    fn alternative(&mut self, children: &[Entity<'_>]) -> String {
        let is_html = |entity: &&Entity<'_>| entity.fields.is_type("text", "html");
        let is_plain = |entity: &&Entity<'_>| {
            entity.fields.content_type().is_none_or(|found| found == ("text", "plain"))
        };
        let plain = children.iter().find(is_plain).map(|child| self.text(child)).unwrap_or_default();
        if !plain.trim().is_empty() && !is_placeholder(&plain) {
            return plain;
        }
        let rich =
            children.iter().rfind(is_html).or_else(|| children.iter().rfind(|child| child.is_multipart()));
        let rich = rich.map(|child| self.text(child)).unwrap_or_default();
        if !rich.trim().is_empty() {
            return rich;
        }
        if !plain.trim().is_empty() {
            return plain;
        }
        children.iter().map(|child| self.text(child)).find(|text| !text.trim().is_empty()).unwrap_or_default()
    }

    fn plain(&mut self, entity: &Entity<'_>) -> String {
        let text = entity.text();
        if looks_like_html(&text) {
            return html::to_text(&text, self.limits.text_max_chars);
        }
        if text.contains(PGP_MESSAGE) {
            self.mail.remarks.insert(MailRemark::PgpEncrypted);
            return text.split(PGP_MESSAGE).next().unwrap_or_default().to_owned();
        }
        if text.contains(PGP_SIGNED) {
            self.mail.remarks.insert(MailRemark::PgpSigned);
            return without_armour(&text);
        }
        text
    }

    /// The text of a mail inside one that has no text of its own: it was forwarded.
    fn inner_text(&mut self, root: &Entity<'_>) -> String {
        let is_mail = |entity: &&Entity<'_>| entity.is_message();
        let inner = root.children.iter().find(is_mail).and_then(|mail| mail.children.first());
        inner.map(|inner| self.text(inner)).unwrap_or_default()
    }
}

fn is_placeholder(text: &str) -> bool {
    let text = text.trim();
    let lower = text.to_lowercase();
    text.chars().count() <= PLACEHOLDER_MAX_CHARS
        && PLACEHOLDERS.iter().any(|words| lower.contains(words))
        && lower.split_whitespace().count() <= 40
}

/// Markup under a wrong type.
fn looks_like_html(text: &str) -> bool {
    let start = text.trim_start();
    let start: String = start.chars().take(200).collect::<String>().to_lowercase();
    start.starts_with("<!doctype html") || start.starts_with("<html") || start.starts_with("<head")
}

/// A clear-signed text (RFC 9580, 7) without its armour.
fn without_armour(text: &str) -> String {
    let (before, rest) = text.split_once(PGP_SIGNED).unwrap_or(("", text));
    // Hash headers up to an empty line.
    let body = rest.split_once("\n\n").or_else(|| rest.split_once("\r\n\r\n")).map_or(rest, |(_, body)| body);
    let body = body.split(PGP_SIGNATURE).next().unwrap_or_default();
    let lines = body.lines().map(|line| line.strip_prefix("- ").unwrap_or(line));
    format!("{before}{}", lines.collect::<Vec<_>>().join("\n"))
}

/// Lines that end with `\n`, without what cannot be seen, cut to its limit.
fn tidy(text: &str, max_chars: usize, remarks: &mut std::collections::BTreeSet<MailRemark>) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let is_kept = |c: &char| (!c.is_control() || matches!(c, '\n' | '\t')) && !is_invisible(*c);
    let mut kept = text.chars().filter(is_kept);
    let tidied: String = kept.by_ref().take(max_chars).collect();
    if kept.next().is_some() {
        remarks.insert(MailRemark::Cut);
    }
    let lines: Vec<&str> = tidied.lines().map(str::trim_end).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}
