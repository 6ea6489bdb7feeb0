//! Bounded feed of an HTML tokenizer: it ends the document at a token that is too long. The tokenizer compares the
//! attributes of a tag with each other, so that one tag of a megabyte would take half a minute.

use std::cell::Cell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

/// Of a tag or a comment; mail programs write comments of some ten thousand bytes.
const TOKEN_MAX_BYTES: usize = 64 * 1024;
const CHUNK_BYTES: usize = 4 * 1024;

/// Gives the tokens of a document to `sink`. Returns it, and whether the document was cut.
pub(super) fn tokenize<S: TokenSink<Handle = ()>>(html: &str, sink: S) -> (S, bool) {
    let tokenizer =
        Tokenizer::new(WatchedSink { sink, has_spoken: Cell::default() }, TokenizerOpts::default());
    let input = BufferQueue::default();
    let (mut rest, mut quiet_bytes, mut is_cut) = (html, 0, false);
    while !rest.is_empty() && !is_cut {
        let (chunk, later) = rest.split_at(rest.floor_char_boundary(CHUNK_BYTES));
        rest = later;
        input.push_back(StrTendril::from(chunk));
        let _ = tokenizer.feed(&input);
        quiet_bytes = if tokenizer.sink.has_spoken.take() { 0 } else { quiet_bytes + chunk.len() };
        is_cut = quiet_bytes >= TOKEN_MAX_BYTES;
    }
    if !is_cut {
        tokenizer.end();
    }
    (tokenizer.sink.sink, is_cut)
}

/// A sink, and whether a token has come since that was last asked.
struct WatchedSink<S> {
    sink: S,
    has_spoken: Cell<bool>,
}

impl<S: TokenSink<Handle = ()>> TokenSink for WatchedSink<S> {
    type Handle = ();

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<()> {
        match token {
            Token::TagToken(_) | Token::CharacterTokens(_) | Token::CommentToken(_) => {
                self.has_spoken.set(true);
            }
            Token::DoctypeToken(_) | Token::NullCharacterToken | Token::EOFToken | Token::ParseError(_) => {}
        }
        self.sink.process_token(token, line)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    #[derive(Default)]
    struct Words(RefCell<String>);

    impl TokenSink for Words {
        type Handle = ();

        fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
            if let Token::CharacterTokens(text) = token {
                self.0.borrow_mut().push_str(&text);
            }
            TokenSinkResult::Continue
        }
    }

    fn words(html: &str) -> (String, bool) {
        let (words, is_cut) = tokenize(html, Words::default());
        (words.0.into_inner(), is_cut)
    }

    #[test]
    fn a_tag_that_is_too_long_ends_the_document() {
        let attributes: String = (0..20_000).map(|n| format!(" a{n}")).collect();
        assert_eq!(words(&format!("before<div{attributes}>after")), ("before".to_owned(), true));
        let comment = format!("before<!--{}-->after", " ".repeat(TOKEN_MAX_BYTES / 2));
        assert_eq!(words(&comment), ("beforeafter".to_owned(), false));
    }

    #[test]
    fn chunks_change_nothing() {
        for start in CHUNK_BYTES - 12..=CHUNK_BYTES {
            let text = "a".repeat(start);
            let html = format!("{text}<p title='ä'>&amp;ü&lt;</p>b");
            assert_eq!(words(&html), (format!("{text}&ü<b"), false), "{start}");
        }
    }
}
