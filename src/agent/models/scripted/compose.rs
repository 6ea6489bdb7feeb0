//! Extractive summarization: composes an answer from the sentences of a section that match the question, and its steps.

use crate::agent::reading::patterns::words_of;
use crate::agent::reading::query::saying;
use crate::domain::enums::Channel;

/// Maximum characters of an answer without its frame, so that the framed reply stays below the channel's limit.
const EMAIL_MAX_CHARS: usize = 1_600;
const WEB_MAX_CHARS: usize = 1_500;
const WHATSAPP_MAX_CHARS: usize = 900;
/// Preferred length of a message on WhatsApp (DESIGN.md, the agent), without the footer.
const WHATSAPP_WANTED_CHARS: usize = 250;
/// Minimum words in common with the question for a sentence to count as an answer, and to be added to one.
const ANSWERING_MIN_WORDS: usize = 2;
/// Maximum sentences besides the steps.
const MAX_SENTENCES: usize = 4;

/// Openings of questions whose answer is a fact, not a list of steps.
const ASKS_FOR_A_FACT: &[&str] = &[
    "is",
    "are",
    "does",
    "do",
    "can",
    "could",
    "will",
    "which",
    "who",
    "why",
    "what",
    "when",
    "how many",
    "how much",
    "how long",
    "how large",
    "how big",
    "how often",
    "how old",
    "how far",
    "whats",
    "in which",
    "from what",
    "until when",
];

/// A piece of a section, in its order.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Sentence(String),
    /// A list, item by item, each with its number or bullet.
    Steps(Vec<String>),
    Code(String),
}

/// The answer that a section gives to a question, which is one of `count` in the same message.
pub(super) fn compose(channel: Channel, question: &str, section: &str, count: usize) -> String {
    let pieces = pieces(section);
    let wanted = stems(&saying(question));
    let scores: Vec<usize> = pieces.iter().map(|piece| score(piece, &wanted)).collect();
    let best = sentence_scores(&pieces, &scores).map(|(_, score)| score).max().unwrap_or(0);
    let has_steps = pieces.iter().any(|piece| matches!(piece, Piece::Steps(_)));
    let is_fact = asks_for_a_fact(question) && best >= ANSWERING_MIN_WORDS;
    let mut chosen: Vec<usize> = Vec::new();
    if has_steps && !(channel == Channel::Whatsapp && is_fact) {
        chosen.extend(
            pieces
                .iter()
                .enumerate()
                .filter(|(_, piece)| !matches!(piece, Piece::Sentence(_)))
                .map(|(n, _)| n),
        );
    }
    // The sentence that introduces the steps, if it fits.
    if channel != Channel::Whatsapp || !has_steps {
        chosen.extend(pieces.iter().position(|piece| matches!(piece, Piece::Sentence(_))));
    }
    let mut ranked: Vec<(usize, usize)> = sentence_scores(&pieces, &scores).collect();
    ranked.sort_by_key(|(place, score)| (std::cmp::Reverse(*score), *place));
    let least = if has_steps { ANSWERING_MIN_WORDS } else { best.min(1) };
    let room = room(channel, is_fact) / count.max(1);
    for (place, score) in ranked.into_iter().take(MAX_SENTENCES) {
        if score >= least && !chosen.contains(&place) && size(&pieces, &chosen) + pieces[place].len() <= room
        {
            chosen.push(place);
        }
    }
    if chosen.is_empty() {
        chosen.push(0);
    }
    if !(channel == Channel::Whatsapp && is_fact) {
        add_announced(&pieces, &mut chosen, room);
    }
    chosen.sort_unstable();
    chosen.dedup();
    fit(&pieces, chosen, &scores, hard_limit(channel) / count.max(1))
}

/// Adds the code or list after each chosen sentence that announces it (`Add these lines:`), as far as there is room.
fn add_announced(pieces: &[Piece], chosen: &mut Vec<usize>, room: usize) {
    for place in chosen.clone() {
        let announces = matches!(pieces.get(place), Some(Piece::Sentence(text)) if text.ends_with(':'));
        let next = place + 1;
        let fits = |piece: &Piece| {
            !matches!(piece, Piece::Sentence(_)) && size(pieces, chosen) + piece.len() <= room
        };
        if announces && !chosen.contains(&next) && pieces.get(next).is_some_and(fits) {
            chosen.push(next);
        }
    }
}

/// Drops the code for which there is no room, then the sentences with the lowest scores until the rest fits; steps are
/// truncated at the end of a step.
fn fit(pieces: &[Piece], mut chosen: Vec<usize>, scores: &[usize], most: usize) -> String {
    let is_code = |place: &usize| matches!(pieces.get(*place), Some(Piece::Code(_)));
    let others: Vec<usize> =
        chosen.iter().copied().filter(|place| matches!(pieces.get(*place), Some(Piece::Steps(_)))).collect();
    let mut used = size(pieces, &others);
    chosen.retain(|place| {
        let fits = !is_code(place) || used + size(pieces, &[*place]) <= most;
        used += if fits && is_code(place) { size(pieces, &[*place]) } else { 0 };
        fits
    });
    if chosen.is_empty() {
        chosen.push(0);
    }
    while size(pieces, &chosen) > most {
        let sentences = chosen.iter().filter(|place| matches!(pieces.get(**place), Some(Piece::Sentence(_))));
        let Some(least) =
            sentences.min_by_key(|place| (scores.get(**place), std::cmp::Reverse(**place))).copied()
        else {
            break;
        };
        if chosen.len() == 1 {
            break;
        }
        chosen.retain(|place| *place != least);
    }
    join(pieces, &chosen, most)
}

fn join(pieces: &[Piece], chosen: &[usize], most: usize) -> String {
    let mut text = String::new();
    let mut after_sentence = false;
    for piece in chosen.iter().filter_map(|place| pieces.get(*place)) {
        let is_sentence = matches!(piece, Piece::Sentence(_));
        if !text.is_empty() {
            text.push_str(if is_sentence && after_sentence { " " } else { "\n\n" });
        }
        after_sentence = is_sentence;
        let room = most.saturating_sub(text.chars().count());
        match piece {
            Piece::Sentence(sentence) | Piece::Code(sentence) => text.push_str(cut(sentence, room)),
            Piece::Steps(steps) => {
                for (place, step) in steps.iter().enumerate() {
                    if place > 0 && text.chars().count() + step.chars().count() > most {
                        break;
                    }
                    if place > 0 {
                        text.push('\n');
                    }
                    text.push_str(cut(step, room));
                }
            }
        }
    }
    text.trim_end().to_owned()
}

/// As many whole words as there is room for; a section may be one long sentence.
fn cut(text: &str, room: usize) -> &str {
    let Some((end, _)) = text.char_indices().nth(room) else {
        return text;
    };
    let head = text.get(..end).unwrap_or_default();
    head.rfind(char::is_whitespace).and_then(|space| head.get(..space)).unwrap_or(head)
}

fn room(channel: Channel, is_fact: bool) -> usize {
    match channel {
        Channel::Email => EMAIL_MAX_CHARS,
        Channel::WebForm => WEB_MAX_CHARS,
        Channel::Whatsapp if is_fact => WHATSAPP_WANTED_CHARS,
        Channel::Whatsapp => WHATSAPP_MAX_CHARS / 2,
    }
}

fn hard_limit(channel: Channel) -> usize {
    match channel {
        Channel::Email => EMAIL_MAX_CHARS,
        Channel::WebForm => WEB_MAX_CHARS,
        Channel::Whatsapp => WHATSAPP_MAX_CHARS,
    }
}

fn size(pieces: &[Piece], chosen: &[usize]) -> usize {
    chosen.iter().filter_map(|place| pieces.get(*place)).map(|piece| piece.len() + 2).sum()
}

impl Piece {
    fn len(&self) -> usize {
        match self {
            Self::Sentence(text) | Self::Code(text) => text.chars().count(),
            Self::Steps(steps) => steps.iter().map(|step| step.chars().count() + 1).sum(),
        }
    }
}

fn sentence_scores<'a>(
    pieces: &'a [Piece],
    scores: &'a [usize],
) -> impl Iterator<Item = (usize, usize)> + 'a {
    let scored = pieces.iter().zip(scores).enumerate();
    scored
        .filter(|(_, (piece, _))| matches!(piece, Piece::Sentence(_)))
        .map(|(place, (_, score))| (place, *score))
}

/// The number of distinct words that a piece shares with the question.
fn score(piece: &Piece, wanted: &[String]) -> usize {
    let words = match piece {
        Piece::Sentence(text) => stems(&words_of(text)),
        Piece::Steps(steps) => stems(&words_of(&steps.join(" "))),
        Piece::Code(_) => Vec::new(),
    };
    wanted.iter().filter(|stem| words.contains(stem)).count()
}

fn asks_for_a_fact(question: &str) -> bool {
    let sentences = crate::agent::reading::patterns::split(question);
    sentences.iter().filter(|sentence| sentence.contains('?')).any(|sentence| {
        let words = words_of(sentence);
        let words =
            words.iter().skip_while(|word| ["and", "but", "or", "so", "also"].contains(&word.as_str()));
        let words = words.map(String::as_str).collect::<Vec<_>>().join(" ");
        ASKS_FOR_A_FACT
            .iter()
            .any(|start| words.strip_prefix(start).is_some_and(|rest| rest.starts_with(' ')))
    })
}

/// Word stems without duplicates, so that `exported` matches `export`.
pub(super) fn stems(words: &[String]) -> Vec<String> {
    let mut stems: Vec<String> = words.iter().map(|word| stem(word)).collect();
    stems.sort_unstable();
    stems.dedup();
    stems
}

fn stem(word: &str) -> String {
    const SHORTEST: usize = 3;
    for ending in ["ings", "ing", "ers", "er", "ed", "es", "s", "e"] {
        if let Some(stem) = word.strip_suffix(ending).filter(|stem| stem.chars().count() >= SHORTEST) {
            return stem.to_owned();
        }
    }
    word.to_owned()
}

fn pieces(section: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut code: Option<String> = None;
    for line in section.lines() {
        let is_fence = line.trim_start().starts_with("```");
        match (&mut code, is_fence) {
            (Some(block), _) => {
                block.push('\n');
                block.push_str(line);
                if is_fence {
                    pieces.extend(code.take().map(Piece::Code));
                }
            }
            (None, true) => code = Some(line.to_owned()),
            (None, false) => read_line(&mut pieces, line),
        }
    }
    pieces.extend(code.map(Piece::Code));
    if pieces.is_empty() {
        pieces.push(Piece::Sentence(section.trim().to_owned()));
    }
    pieces
}

fn read_line(pieces: &mut Vec<Piece>, line: &str) {
    if line.trim().is_empty() {
        return;
    }
    if is_item(line) {
        match pieces.last_mut() {
            Some(Piece::Steps(steps)) => steps.push(line.trim_end().to_owned()),
            Some(Piece::Sentence(_) | Piece::Code(_)) | None => {
                pieces.push(Piece::Steps(vec![line.trim_end().to_owned()]));
            }
        }
    } else if let (true, Some(Piece::Steps(steps))) = (line.starts_with("  "), pieces.last_mut())
        && let Some(step) = steps.last_mut()
    {
        step.push('\n');
        step.push_str(line.trim_end());
    } else {
        pieces.extend(sentences(line).into_iter().map(Piece::Sentence));
    }
}

fn is_item(line: &str) -> bool {
    let line = line.trim_start();
    let after_digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
    line.starts_with("- ")
        || line.starts_with("* ")
        || (after_digits.len() < line.len() && after_digits.starts_with(". "))
}

/// The sentences of a line: each ends before a space that a capital, a quotation mark or a bold word follows.
fn sentences(line: &str) -> Vec<String> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for (place, _) in line.match_indices([' ']) {
        let head = line.get(start..place).unwrap_or_default();
        let next = line.get(place + 1..).and_then(|rest| rest.chars().next());
        let ends = head.trim_end_matches(['"', ')', '*', '”']).ends_with(['.', '!', '?']);
        let begins = next.is_some_and(|c| c.is_uppercase() || "\"“*`".contains(c));
        let in_code = head.matches('`').count() % 2 == 1;
        if ends && begins && !in_code {
            sentences.push(head.trim().to_owned());
            start = place + 1;
        }
    }
    sentences.push(line.get(start..).unwrap_or_default().trim().to_owned());
    sentences.retain(|sentence| !sentence.is_empty());
    sentences
}

#[cfg(test)]
mod tests;
