//! Figures that the report of one run and that of several share.

use super::cases::Case;
use super::play::Played;

pub(super) fn is_exact(case: &Case, got: &Played) -> bool {
    got.action == case.expected.action && got.reason == case.expected.reason
}

/// Of nothing, all is right.
pub(super) fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { float(part) / float(whole) }
}

pub(super) fn float(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}
