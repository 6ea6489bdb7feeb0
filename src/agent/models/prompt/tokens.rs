//! Token estimate, accurate enough to keep a prompt within bounds. It errs on the high side; actual usage is what the
//! provider reports.

/// Characters of English per token, on average (OpenAI's rule of thumb).
const ASCII_CHARS: usize = 4;

pub fn tokens(text: &str) -> usize {
    let (ascii, other) = text
        .chars()
        .fold((0, 0), |(ascii, other), c| if c.is_ascii() { (ascii + 1, other) } else { (ascii, other + 1) });
    usize::div_ceil(ascii, ASCII_CHARS) + other
}

/// The first `limit` tokens of a text, cut between words, with a note that something is missing.
pub fn cut(text: &str, limit: usize) -> String {
    if tokens(text) <= limit {
        return text.to_owned();
    }
    let (mut quarters, mut end, mut last_gap) = (0, 0, 0);
    for (place, c) in text.char_indices() {
        quarters += if c.is_ascii() { 1 } else { ASCII_CHARS };
        if quarters > limit * ASCII_CHARS {
            break;
        }
        if c.is_whitespace() {
            last_gap = place;
        }
        end = place + c.len_utf8();
    }
    let end = if last_gap > 0 { last_gap } else { end };
    let start = text.get(..end).unwrap_or_default().trim_end();
    if start.is_empty() { String::new() } else { format!("{start} [cut]") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_between_words_and_says_so() {
        assert_eq!(cut("one two three four", 100), "one two three four");
        assert_eq!(cut("one two three four", 3), "one two [cut]");
        assert_eq!(cut("ääää ää", 4), "ääää [cut]");
        assert_eq!(cut("one two", 0), "");
    }

    #[test]
    fn other_scripts_count_more() {
        assert_eq!((tokens("abcdefgh"), tokens("你好")), (2, 2));
    }
}
