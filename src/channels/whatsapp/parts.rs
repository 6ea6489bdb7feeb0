//! Splits a text that is too long for one message: at paragraphs, else at sentences, else between words.

/// The longest body that Twilio takes (error 21617), in UTF-16 code units: an emoji may count as two.
pub const BODY_MAX_UNITS: usize = 1_600;

/// The text in parts of at most `max_units` UTF-16 code units, in order; one empty part for an empty text.
pub fn split(text: &str, max_units: usize) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = text.trim();
    while units(rest) > max_units {
        let end = cut(rest, max_units.max(2));
        let (part, after) = rest.split_at(end);
        parts.push(part.trim_end().to_owned());
        rest = after.trim_start();
    }
    if !rest.is_empty() || parts.is_empty() {
        parts.push(rest.to_owned());
    }
    parts
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Where to cut a text that is too long, in bytes; above 0.
fn cut(text: &str, max_units: usize) -> usize {
    let mut used = 0;
    let fits = text.char_indices().take_while(|(_, c)| {
        used += c.len_utf16();
        used <= max_units
    });
    let limit = fits.last().map_or(0, |(place, c)| place + c.len_utf8());
    let head = &text[..limit];
    let after = |found: Option<usize>| found.filter(|end| *end > limit / 3);
    after(head.rfind("\n\n"))
        .or_else(|| after(head.rfind('\n')))
        .or_else(|| after(sentence_end(head)))
        .or_else(|| head.rfind(char::is_whitespace).filter(|end| *end > 0))
        .unwrap_or(limit)
}

/// The place after the last sentence that ends within the text.
fn sentence_end(text: &str) -> Option<usize> {
    const LATIN: [char; 4] = ['.', '!', '?', '…'];
    const WIDE: [char; 4] = ['。', '！', '？', '।'];
    let mut chars = text.char_indices().peekable();
    let mut end = None;
    while let Some((place, c)) = chars.next() {
        let after = place + c.len_utf8();
        let is_followed_by_space = chars.peek().is_some_and(|(_, next)| next.is_whitespace());
        if WIDE.contains(&c) || (LATIN.contains(&c) && is_followed_by_space) {
            end = Some(after);
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn squeezed(text: &str) -> String {
        text.split_whitespace().collect()
    }

    #[test]
    fn a_short_text_is_one_part() {
        assert_eq!(split(" Hello. ", 1600), ["Hello."]);
        assert_eq!(split("", 1600), [""]);
    }

    #[test]
    fn parts_end_at_sentences() {
        let text = "The first sentence is here. The second one follows! Is the third one a question? Yes.";
        assert_eq!(
            split(text, 60),
            ["The first sentence is here. The second one follows!", "Is the third one a question? Yes."]
        );
        assert_eq!(split("一つ目の文です。二つ目の文です。", 10), ["一つ目の文です。", "二つ目の文です。"]);
    }

    #[test]
    fn paragraphs_come_before_sentences_and_words_before_letters() {
        assert_eq!(split("One. Two.\n\nThree. Four.", 14), ["One. Two.", "Three. Four."]);
        assert_eq!(split("abcdef ghijkl", 8), ["abcdef", "ghijkl"]);
        assert_eq!(split("abcdefghij", 4), ["abcd", "efgh", "ij"]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_every_part_fits(text in "[a-z .!?\n😀é]{0,400}", max in 2usize..80) {
            let parts = split(&text, max);
            prop_assert!(parts.iter().all(|part| units(part) <= max), "{parts:?}");
            prop_assert!(parts.len() == 1 || parts.iter().all(|part| !part.is_empty()), "{parts:?}");
            prop_assert_eq!(squeezed(&parts.concat()), squeezed(&text));
        }

        #[test]
        fn any_text_at_all_is_kept(text in "\\PC{0,300}", max in 2usize..40) {
            let parts = split(&text, max);
            prop_assert!(parts.iter().all(|part| units(part) <= max));
            prop_assert_eq!(squeezed(&parts.concat()), squeezed(&text));
        }
    }
}
