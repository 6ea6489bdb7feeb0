//! What is embedded of a section: its headings alone, and its text in pieces that an embedding model reads whole,
//! each below its headings.

/// Characters of a piece, at most. A model that reads 256 tokens reads about a thousand.
const PIECE_MAX_CHARS: usize = 900;
/// Headings above a piece: outer ones, as the document's own title, are the same everywhere.
const HEADINGS: usize = 2;

pub(super) fn chunks(heading_path: &[String], text: &str) -> Vec<String> {
    let outer = heading_path.len().saturating_sub(HEADINGS);
    let heading = heading_path.iter().skip(outer).map(String::as_str).collect::<Vec<_>>().join(": ");
    let pieces = pieces(text).into_iter().map(|piece| format!("{heading}\n{piece}"));
    std::iter::once(heading.clone()).chain(pieces).collect()
}

/// Cut between lines, where a line is too long between words.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for part in text.lines().flat_map(parts) {
        match pieces.last_mut() {
            Some(piece) if piece.chars().count() + 1 + part.chars().count() <= PIECE_MAX_CHARS => {
                piece.push('\n');
                piece.push_str(&part);
            }
            Some(_) | None => pieces.push(part),
        }
    }
    pieces
}

fn parts(line: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for word in line.split_whitespace() {
        match parts.last_mut() {
            Some(part) if part.chars().count() + 1 + word.chars().count() <= PIECE_MAX_CHARS => {
                part.push(' ');
                part.push_str(word);
            }
            Some(_) | None => parts.push(word.chars().take(PIECE_MAX_CHARS).collect()),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(headings: &[&str]) -> Vec<String> {
        headings.iter().map(|heading| (*heading).to_owned()).collect()
    }

    #[test]
    fn a_short_section_is_its_headings_and_one_piece() {
        let found =
            chunks(&path(&["Docs", "Account", "Reset a password"]), "1. Open the page.\n\n2. Select it.");
        let heading = "Account: Reset a password";
        assert_eq!(found, [heading.to_owned(), format!("{heading}\n1. Open the page.\n2. Select it.")]);
    }

    #[test]
    fn a_long_section_is_cut_between_lines_and_words_and_loses_none() {
        let line = "one two three ".repeat(100);
        let text = format!("{line}\nshort\n{line}");
        let found = chunks(&path(&["Docs"]), &text);
        assert!(found.len() > 3);
        let mut words = Vec::new();
        for chunk in found.iter().skip(1) {
            assert!(chunk.chars().count() <= PIECE_MAX_CHARS + "Docs\n".len());
            words.extend(chunk.strip_prefix("Docs\n").unwrap().split_whitespace());
        }
        assert_eq!(words, text.split_whitespace().collect::<Vec<_>>());
    }
}
