//! Chunking of a section for embedding, so that it is found by its name, its topic, and any of its details: the heading
//! alone, the first paragraph, and the text in chunks that an embedding model reads in full, each below its headings.

/// Maximum characters of a chunk. A model that reads 256 tokens reads about a thousand.
const PIECE_MAX_CHARS: usize = 900;
/// Headings above a chunk: outer ones, such as the document's title, are the same everywhere.
const HEADINGS: usize = 2;

/// The first chunk is the heading alone; searches weigh it less than text.
pub(super) fn chunks(heading_path: &[String], text: &str) -> Vec<String> {
    let outer = heading_path.len().saturating_sub(HEADINGS);
    let headings = heading_path.iter().skip(outer).map(String::as_str).collect::<Vec<_>>().join(": ");
    let own = heading_path.last().map(String::as_str).unwrap_or_default();
    let pieces = pieces(text);
    let about =
        text.lines().find(|line| !line.trim().is_empty()).and_then(|line| parts(line).into_iter().next());
    let about = about.filter(|about| pieces.first() != Some(about)).map(|about| format!("{own}\n{about}"));
    let pieces = pieces.into_iter().map(|piece| format!("{headings}\n{piece}"));
    std::iter::once(own.to_owned()).chain(about).chain(pieces).collect()
}

/// Splits between lines, and a line that is too long between words.
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
    fn a_section_is_its_heading_its_first_paragraph_and_one_piece() {
        let docs = path(&["Docs", "Account", "Reset a password"]);
        assert_eq!(
            chunks(&docs, "Lost it?\n\n1. Open the page."),
            [
                "Reset a password",
                "Reset a password\nLost it?",
                "Account: Reset a password\nLost it?\n1. Open the page."
            ]
        );
        assert_eq!(chunks(&docs, "Lost it?"), ["Reset a password", "Account: Reset a password\nLost it?"]);
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
