//! Background corpus: lines about everyday life and other trades, which compete with the documents for a question. A
//! question that is nearer to one of them is not about the company. They are never shown.

const LINES: &str = include_str!("background.txt");

/// A line is left out if a chunk of the documents is at least this near to it, as cosine: then the company's own trade is
/// that of the line.
pub const OWN_TRADE_NEARNESS: f32 = 0.6;
/// A line is left out of searches by words if one section holds at least this share of its words.
pub const OWN_TRADE_SHARE: f32 = 0.9;

/// Each line once; what begins with `#` names a group for people who read the file.
pub fn lines() -> Vec<&'static str> {
    LINES.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_line_is_there_twice_or_long() {
        let lines = lines();
        assert!(lines.len() > 300, "{}", lines.len());
        assert_eq!(lines.iter().collect::<BTreeSet<_>>().len(), lines.len());
        assert!(lines.iter().all(|line| line.len() <= 80));
    }
}
