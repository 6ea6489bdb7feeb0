//! Live events: what open ticket pages are told of, and the position up to which a page has been told. Ids and states
//! only; a page reads the rest itself.

use std::cmp::Reverse;
use std::time::Duration;

use time::OffsetDateTime;

use uuid::Uuid;

use crate::domain::enums::{DeliveryState, PresenceState, StaffChangeKind, TicketStatus, WatchCause};
use crate::domain::ids::{ConversationId, MessageId, StaffId, TicketId};

/// A page that was away no longer than this misses nothing (API-STAFF.md, SSE).
pub const RESUMABLE_FOR: Duration = Duration::from_secs(24 * 60 * 60);
/// The longest position that is read: snapshots are short unless thousands of transactions are open.
const POSITION_MAX_BYTES: usize = 4096;

/// How far a page has been told: the time of the telling, and the snapshot of the database behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventPosition {
    /// Seconds since 1970.
    pub at: i64,
    /// In PostgreSQL's notation of a `pg_snapshot`: `xmin:xmax:xip,xip`.
    pub snapshot: String,
}

impl EventPosition {
    /// Parses what [`Self::to_string`] has written; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > POSITION_MAX_BYTES {
            return None;
        }
        let (at, snapshot) = text.split_once('.')?;
        let [xmin, xmax, running] = snapshot.split(':').collect::<Vec<_>>().try_into().ok()?;
        let bounds = [xmin, xmax].iter().all(|bound| is_number(bound));
        let running = running.is_empty() || running.split(',').all(is_number);
        let at = at.parse().ok().filter(|_| is_number(at))?;
        (bounds && running).then(|| Self { at, snapshot: snapshot.to_owned() })
    }

    /// Moves `position` back to this one if this one is the older, so that whoever is told from there on misses nothing.
    pub fn hold_back(&self, position: &mut Option<Self>) {
        if position.as_ref().is_none_or(|position| self.age_key() < position.age_key()) {
            *position = Some(self.clone());
        }
    }

    /// Orders the snapshots of one database by what they see: each bound only rises, and between the same bounds
    /// transactions only end.
    fn age_key(&self) -> (u64, u64, Reverse<usize>) {
        let mut parts = self.snapshot.split(':');
        let mut bound = || parts.next().and_then(|bound| bound.parse().ok()).unwrap_or(0);
        let (xmin, xmax) = (bound(), bound());
        let running = parts.next().filter(|running| !running.is_empty());
        (xmax, xmin, Reverse(running.map_or(0, |running| running.split(',').count())))
    }

    /// Whether everything since then is still on record.
    pub fn is_resumable(&self, now: OffsetDateTime) -> bool {
        let age = now.unix_timestamp().saturating_sub(self.at);
        age <= i64::try_from(RESUMABLE_FOR.as_secs()).unwrap_or(i64::MAX)
    }
}

impl std::fmt::Display for EventPosition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.at, self.snapshot)
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() <= 19 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A change that pages of one ticket are told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketChange {
    pub ticket: TicketId,
    pub kind: ChangeKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    Message { id: MessageId, delivery_status: Option<DeliveryState> },
    Ticket { status: TicketStatus, updated_at: OffsetDateTime },
}

/// A change that consoles are told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffChange {
    pub conversation: ConversationId,
    pub kind: StaffChangeKind,
    /// What changed, of that kind.
    pub subject: Uuid,
    /// Whom it is for; `None` for everybody.
    pub staff: Option<StaffId>,
    /// Why a watcher is told; only of what is watched.
    pub cause: Option<WatchCause>,
    /// Who is there now; only of a change of presence.
    pub present: Vec<PresentStaff>,
}

/// A member of staff who looks at a conversation, or writes in it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
pub struct PresentStaff {
    pub id: StaffId,
    pub state: PresenceState,
}

/// A presence that is not renewed ends after so long (API-STAFF.md, section 5).
pub const PRESENCE_LASTS: Duration = Duration::from_secs(30);
/// A console that has missed more changes than this reads everything again.
pub const MAX_MISSED: i64 = 5_000;

/// Changes since a position, oldest first, and the position after them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventBatch<C> {
    pub changes: Vec<C>,
    pub position: EventPosition,
}

/// Changes of tickets.
pub type ChangeBatch = EventBatch<TicketChange>;

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn a_position_reads_back_as_itself_and_nothing_else_is_one() {
        for text in ["1764000000.730:733:730,732", "1764000000.730:730:"] {
            assert_eq!(
                EventPosition::parse(text).map(|position| position.to_string()).as_deref(),
                Some(text)
            );
        }
        let long = format!("1.2:3:{}4", "4,".repeat(3000));
        let others =
            ["", "1", "1.2", "1.2:3", "1.a:3:", "1.2:3:4,", "1.2:3:;", "-1.2:3:", "1.2:3:4:5", "x.2:3:"];
        for text in others.into_iter().chain([long.as_str()]) {
            assert_eq!(EventPosition::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_oldest_position_holds_the_others_back() {
        // From the oldest to the newest: bounds rise, and between the same bounds transactions end.
        let snapshots = ["9:12:9,10", "10:12:10,11", "10:12:10", "12:12:", "12:100:12"];
        let all = snapshots.map(|snapshot| EventPosition { at: 0, snapshot: snapshot.to_owned() });
        for pair in all.windows(2) {
            let [older, newer] = pair else { panic!("windows have two") };
            let mut position = None;
            newer.hold_back(&mut position);
            assert_eq!(position.as_ref(), Some(newer));
            older.hold_back(&mut position);
            assert_eq!(position.as_ref(), Some(older));
            newer.hold_back(&mut position);
            assert_eq!(position.as_ref(), Some(older), "it does not move forward");
        }
    }

    #[test]
    fn a_position_is_good_for_a_day() {
        let now = datetime!(2026-11-30 12:00 UTC);
        let aged =
            |hours: i64| EventPosition { at: now.unix_timestamp() - hours * 3600, snapshot: String::new() };
        assert!(aged(0).is_resumable(now) && aged(24).is_resumable(now));
        assert!(!aged(25).is_resumable(now));
    }
}
