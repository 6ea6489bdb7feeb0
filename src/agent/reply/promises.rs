//! Output guard against promises: finds commitments of the company that no document makes.

use super::grounds::Grounds;

/// Common phrases that commit the company; lower case, with plain apostrophes.
const PROMISES: &[&str] = &[
    "i promise",
    "we promise",
    "i guarantee",
    "we guarantee",
    "guaranteed",
    "you have my word",
    "legally binding",
    "will be fixed",
    "we will fix",
    "we'll fix",
    "will be released",
    "will be available",
    "coming soon",
    "next release",
    "on our roadmap",
    "we will refund",
    "we'll refund",
    "will be refunded",
    "have refunded",
    "been refunded",
    "receive a refund",
    "get a refund",
    "full refund",
    "compensat",
    "free of charge",
    "for free",
    "a free month",
    "free months",
    "on the house",
    "we will waive",
    "we'll waive",
    "i have cancelled",
    "i have canceled",
    "has been cancelled",
    "has been canceled",
    "a discount",
    "% off",
    "percent off",
    "credit your account",
    "credited your account",
    "credited to your account",
    "by tomorrow",
    "by the end of the day",
    "by end of day",
    "within the hour",
];

/// Units in which deadlines are given.
const UNITS: &[&str] = &["minute", "hour", "day", "week", "month", "year"];

/// Whether a text promises something that no passage says.
pub fn promises(text: &str, grounds: &Grounds<'_>) -> bool {
    let text = plain(text);
    let said: Vec<&str> = PROMISES.iter().copied().filter(|promise| text.contains(promise)).collect();
    let deadlines = deadlines(&text);
    if said.is_empty() && deadlines.is_empty() {
        return false;
    }
    let documents: Vec<String> = grounds.documents().map(|text| plain(&text)).collect();
    let is_sourced = |words: &str| documents.iter().any(|document| document.contains(words));
    !said.into_iter().all(is_sourced) || !deadlines.iter().all(|deadline| is_sourced(deadline))
}

fn plain(text: &str) -> String {
    let text = text.to_lowercase().replace('’', "'").replace(['*', '_'], "");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Deadlines after "we will" and the like: a number and a unit of time, as in "within 2 days".
fn deadlines(text: &str) -> Vec<String> {
    let words: Vec<&str> = text.split(' ').collect();
    let is_number = |word: &str| word.chars().any(|c| c.is_ascii_digit());
    let deadline = |row: &[&str]| match row {
        ["within" | "in", number, unit]
            if is_number(number) && UNITS.iter().any(|known| unit.starts_with(known)) =>
        {
            Some(format!("{number} {}", unit.trim_end_matches(|c: char| !c.is_alphanumeric())))
        }
        _ => None,
    };
    words.windows(3).filter_map(deadline).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::samples::{context, passage};

    #[test]
    fn a_promise_needs_a_passage_that_makes_it() {
        let context = context(&["When?"]);
        let passages = [passage(
            "docs.md#a",
            "The link works for 60 minutes. Exports arrive within 24 hours, free of charge.",
        )];
        let cases = [
            ("Select Forgot password and open the mail.", false),
            ("The export arrives within 24 hours.", false),
            ("The export is **free of charge**.", false),
            ("We’ll refund you.", true),
            ("I guarantee that it works.", true),
            ("It will be fixed by tomorrow.", true),
            ("You get 20% off.", true),
            ("Someone answers within 2 hours.", true),
            ("It is ready in 3 days.", true),
            ("This feature is coming soon.", true),
            ("Open the page in 2 browsers.", false),
        ];
        for (text, expected) in cases {
            assert_eq!(promises(text, &Grounds::of(&context, &passages, "")), expected, "{text}");
        }
    }
}
