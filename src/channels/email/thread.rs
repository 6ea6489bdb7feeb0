//! Threads: what a mail answers, and whether it goes on with the same subject.

use super::message::ParsedMail;
use crate::domain::ids::DeliveryId;
use crate::domain::wording::text::fold;

/// Message ids that are looked up: those closest to the mail.
const MAX_LOOKED_UP: usize = 20;
/// Message ids that a reply refers to: the first of the thread, and the newest.
pub const MAX_REFERENCES: usize = 20;
/// What our Message-IDs begin with.
const OWN_ID: &str = "fte.";
/// Prefixes of replies and forwards, folded, without the colon.
const PREFIXES: &[&str] = &[
    "re",
    "aw",
    "antw",
    "antwort",
    "sv",
    "vs",
    "ref",
    "rif",
    "r",
    "res",
    "odp",
    "ynt",
    "atb",
    "vl",
    "bls",
    "fw",
    "fwd",
    "wg",
    "tr",
    "rv",
    "enc",
    "i",
    "doorst",
    "vb",
    "pd",
    "yml",
    "ilt",
    "ts",
    "回复",
    "答复",
    "回覆",
    "转发",
    "轉寄",
    "答覆",
    "회신",
    "전달",
    "отв",
    "ha",
    "на",
    "пер",
    "πρθ",
    "σχετ",
    "תגובה",
    "הועבר",
    "رد",
];
/// Prefixes of forwards alone.
const FORWARDS: &[&str] = &[
    "fw", "fwd", "wg", "tr", "rv", "enc", "i", "doorst", "vb", "vl", "pd", "yml", "ilt", "转发", "轉寄",
    "전달", "пер",
];

/// The Message-ID of a delivery: it names it, so that a reply, a bounce and a copy in the Sent folder lead back to it.
pub fn message_id(delivery: DeliveryId, domain: &str) -> String {
    format!("<{OWN_ID}{delivery}@{domain}>")
}

/// The delivery that one of our Message-IDs names.
pub fn delivery_of(message_id: &str) -> Option<DeliveryId> {
    let id = message_id.trim_start_matches('<').strip_prefix(OWN_ID)?;
    let (uuid, _) = id.split_once('@')?;
    uuid.parse::<uuid::Uuid>().ok().map(DeliveryId)
}

/// The messages that a mail answers, the closest first.
pub fn replies_to(mail: &ParsedMail) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let references = mail.references();
    for id in mail.in_reply_to().into_iter().chain(references.into_iter().rev()) {
        if !found.contains(&id) {
            found.push(id);
        }
        if found.len() >= MAX_LOOKED_UP {
            break;
        }
    }
    found
}

/// The references of an answer to a mail: those of the mail, and the mail; the first and the newest of them.
pub fn references_for_reply(mut references: Vec<String>, in_reply_to: Option<&str>) -> Vec<String> {
    references
        .extend(in_reply_to.filter(|id| !references.iter().any(|known| known == id)).map(str::to_owned));
    let extra = references.len().saturating_sub(MAX_REFERENCES);
    references.drain(1.min(references.len())..(1 + extra).min(references.len()));
    references
}

/// A subject without prefixes and marks in brackets, folded.
pub fn subject_base(subject: &str) -> String {
    let (_, rest) = split_prefixes(subject);
    fold(rest).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a subject says that the mail is a forward.
pub fn is_forward(subject: &str) -> bool {
    let (prefixes, _) = split_prefixes(subject);
    prefixes.first().is_some_and(|first| FORWARDS.contains(&first.as_str()))
}

/// Whether a subject says that the mail is a reply or a forward.
pub fn has_prefix(subject: &str) -> bool {
    !split_prefixes(subject).0.is_empty()
}

fn split_prefixes(subject: &str) -> (Vec<String>, &str) {
    let mut prefixes = Vec::new();
    let mut rest = subject.trim();
    loop {
        if let Some(after) = without_mark(rest) {
            rest = after;
            continue;
        }
        let Some((head, tail)) = rest.split_once([':', '：']) else {
            break;
        };
        // `Re[2]`, `AW (3)`.
        let word = head.split(['[', '(', '^']).next().unwrap_or_default().trim();
        let folded = fold(word);
        if !PREFIXES.contains(&folded.as_str()) {
            break;
        }
        prefixes.push(folded);
        rest = tail.trim_start();
    }
    (prefixes, rest)
}

/// Marks of lists, desks and mail gateways: `[Support]`, `[EXTERNAL]`, `[T-1042]`.
fn without_mark(subject: &str) -> Option<&str> {
    let (mark, rest) = subject.strip_prefix('[')?.split_once(']')?;
    (mark.chars().count() <= MARK_MAX_CHARS && !rest.trim().is_empty()).then(|| rest.trim_start())
}

const MARK_MAX_CHARS: usize = 40;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_message_ids_name_their_delivery() {
        let delivery = DeliveryId(uuid::Uuid::from_u128(7));
        let id = message_id(delivery, "acme.example");
        assert_eq!(id, "<fte.00000000-0000-0000-0000-000000000007@acme.example>");
        assert_eq!(delivery_of(&id), Some(delivery));
        assert_eq!(delivery_of("<7@acme.example>"), None);
        assert_eq!(delivery_of("<fte.7@acme.example>"), None);
    }

    #[test]
    fn a_subject_is_compared_without_prefixes_and_marks() {
        for subject in [
            "Export broken",
            "Re: Export broken",
            "AW: WG: Export broken",
            "Re[2]: export  broken",
            "SV: [EXTERNAL] Re: Export broken",
            "[T-1042] Export broken",
            "回复：Export broken",
        ] {
            assert_eq!(subject_base(subject), "export broken", "{subject}");
        }
        assert_eq!(subject_base("Note: export"), "note: export");
        assert_eq!(subject_base("Re:"), "");
        assert!(is_forward("WG: x") && is_forward("Fwd: Re: x") && !is_forward("Re: Fwd: x"));
    }

    #[test]
    fn a_reply_refers_to_the_first_and_the_newest() {
        let ids: Vec<String> = (0..30).map(|n| format!("<{n}@x>")).collect();
        let kept = references_for_reply(ids, Some("<30@x>"));
        assert_eq!(kept.len(), MAX_REFERENCES);
        assert_eq!((kept[0].as_str(), kept[1].as_str(), kept[19].as_str()), ("<0@x>", "<12@x>", "<30@x>"));
        assert_eq!(references_for_reply(Vec::new(), Some("<a@x>")), ["<a@x>"]);
        assert_eq!(references_for_reply(vec!["<a@x>".to_owned()], Some("<a@x>")), ["<a@x>"]);
        assert_eq!(references_for_reply(Vec::new(), None), Vec::<String>::new());
    }
}
