//! Feed cursor of IMAP: UIDVALIDITY, the last UID that was read, and when that mail came. UIDs are meaningful only within
//! one UIDVALIDITY (RFC 3501, 2.3.1.1); if the server changes it, the time says where to go on.

use time::OffsetDateTime;

use crate::channels::port::FeedCursor;

/// How far the folder has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FolderPosition {
    pub validity: u32,
    /// 0 before the first mail.
    pub uid: u32,
    /// INTERNALDATE of the newest mail that was read.
    pub seen_at: OffsetDateTime,
}

impl FolderPosition {
    pub fn cursor(self) -> FeedCursor {
        FeedCursor(format!("{}:{}:{}", self.validity, self.uid, self.seen_at.unix_timestamp()))
    }

    /// `None` for a cursor that is not of this form.
    pub fn parse(cursor: &FeedCursor) -> Option<Self> {
        let mut parts = cursor.0.split(':');
        let (validity, uid, at) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self {
            validity: validity.parse().ok()?,
            uid: uid.parse().ok()?,
            seen_at: OffsetDateTime::from_unix_timestamp(at.parse().ok()?).ok()?,
        })
    }

    /// A mail in the folder, as an id: unique as long as the mailbox exists (RFC 3501, 2.3.1.1).
    pub fn provider_id(validity: u32, uid: u32) -> String {
        format!("{validity}.{uid}")
    }
}

/// A date as SEARCH takes it: `1-Feb-2026`.
pub fn search_date(at: OffsetDateTime) -> String {
    let month = at.month().to_string();
    format!("{}-{}-{}", at.day(), month.get(..3).unwrap_or("Jan"), at.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back() {
        let seen_at = OffsetDateTime::from_unix_timestamp(1_764_000_000).unwrap();
        let position = FolderPosition { validity: 7, uid: 42, seen_at };
        assert_eq!(position.cursor(), FeedCursor("7:42:1764000000".to_owned()));
        assert_eq!(FolderPosition::parse(&position.cursor()), Some(position));
        for bad in ["", "7", "7:42", "7:x:1", "history-7"] {
            assert_eq!(FolderPosition::parse(&FeedCursor(bad.to_owned())), None, "{bad}");
        }
    }

    #[test]
    fn dates_are_written_in_english() {
        let at = OffsetDateTime::from_unix_timestamp(1_769_904_000).unwrap();
        assert_eq!(search_date(at), "1-Feb-2026");
    }
}
