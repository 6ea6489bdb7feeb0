//! Attachments as value objects: where a file beside a message comes from, which files a channel accepts, and how a
//! file is described to staff and to the agent.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::enums::AttachmentState;

/// A file that came with a message: its source and declared content type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachmentRef {
    #[serde(flatten)]
    pub source: AttachmentSource,
    /// As declared, such as `image/jpeg`; not verified.
    pub content_type: String,
}

/// Where the content of a file is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttachmentSource {
    /// At the provider: it is fetched later.
    Url(String),
    /// It came inside the message, and the adapter has stored it already.
    Stored(StoredContent),
}

/// Content in the media store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredContent {
    /// In hexadecimal.
    pub sha256: String,
    pub size_bytes: i64,
}

/// Which files a channel accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttachmentLimits {
    pub max_bytes: usize,
    /// Of one message; the rest is refused.
    pub max_count: i16,
    pub types: &'static [&'static str],
}

impl AttachmentLimits {
    /// Whether a file of that type may be stored; parameters such as a codec are ignored.
    pub fn allows(&self, content_type: &str) -> bool {
        let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        self.types.contains(&essence.as_str())
    }
}

/// What is known of a message's file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    pub content_type: String,
    /// Known once it has been fetched.
    pub size_bytes: Option<i64>,
    pub state: AttachmentState,
}

/// A file that was fetched and stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFile {
    pub content_type: String,
    pub size_bytes: i64,
    /// The key of its content in the file store.
    pub sha256: Vec<u8>,
}

/// What people call a file of this type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttachmentKind {
    Photo,
    Sticker,
    Video,
    Recording,
    Pdf,
    Contact,
    Other,
}

impl AttachmentKind {
    pub fn of(content_type: &str) -> Self {
        let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match essence.as_str() {
            "image/webp" => Self::Sticker,
            "application/pdf" => Self::Pdf,
            "text/vcard" | "text/x-vcard" => Self::Contact,
            other => match other.split('/').next() {
                Some("image") => Self::Photo,
                Some("video") => Self::Video,
                Some("audio") => Self::Recording,
                Some(_) | None => Self::Other,
            },
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::Sticker => "sticker",
            Self::Video => "video",
            Self::Recording => "voice message",
            Self::Pdf => "PDF",
            Self::Contact => "contact card",
            Self::Other => "file",
        }
    }
}

/// As in "photo, 1.2 MB".
impl fmt::Display for Attachment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(AttachmentKind::of(&self.content_type).as_str())?;
        match (self.size_bytes, self.state) {
            (Some(bytes), _) => write!(f, ", {}", Size(bytes)),
            (None, AttachmentState::Refused | AttachmentState::Failed) => f.write_str(", not available"),
            (None, AttachmentState::Pending | AttachmentState::Stored) => Ok(()),
        }
    }
}

/// A number of bytes for people, in decimal units.
struct Size(i64);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.0.max(0);
        if bytes < 1_000 {
            write!(f, "{bytes} B")
        } else if bytes < 999_500 {
            write!(f, "{} kB", (bytes + 500) / 1_000)
        } else {
            let tenths = (bytes + 50_000) / 100_000;
            write!(f, "{}.{} MB", tenths / 10, tenths % 10)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attachment(content_type: &str, size_bytes: Option<i64>, state: AttachmentState) -> String {
        Attachment { content_type: content_type.to_owned(), size_bytes, state }.to_string()
    }

    #[test]
    fn a_file_is_told_in_the_words_of_people() {
        use AttachmentState::{Failed, Pending, Refused, Stored};
        let cases = [
            ("image/jpeg", Some(1_234_567), Stored, "photo, 1.2 MB"),
            ("image/webp", Some(999), Stored, "sticker, 999 B"),
            ("audio/ogg; codecs=opus", Some(48_500), Stored, "voice message, 49 kB"),
            ("application/pdf", Some(999_499), Stored, "PDF, 999 kB"),
            ("application/pdf", Some(999_500), Stored, "PDF, 1.0 MB"),
            ("video/mp4", None, Pending, "video"),
            ("text/vcard", None, Failed, "contact card, not available"),
            ("application/x-msdownload", None, Refused, "file, not available"),
            ("", None, Pending, "file"),
        ];
        for (content_type, size, state, expected) in cases {
            assert_eq!(attachment(content_type, size, state), expected, "{content_type}");
        }
    }
}
