//! Sentences and words of a text, in a form in which case, accents and apostrophes don't count.

/// One sentence as its words.
pub type Sentence = Vec<String>;

/// The sentences of a text as words. Links, mail addresses and code are left out: what stands in them is a name, not a
/// word.
pub fn sentences(text: &str) -> Vec<Sentence> {
    let text = without_code(text);
    split(&text).into_iter().map(words_in).filter(|sentence| !sentence.is_empty()).collect()
}

/// The sentences of a text as they stand there.
pub fn split(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let (mut start, mut place) = (0, 0);
    for line in text.split_inclusive('\n') {
        let mut ends: Vec<usize> = Vec::new();
        if line.trim().is_empty() || is_list_item(line) {
            ends.push(place);
        }
        for chunk in line.split_inclusive(char::is_whitespace) {
            place += chunk.len();
            if ends_sentence(chunk.trim_end()) {
                ends.push(place);
            }
        }
        for end in ends {
            sentences.extend(text.get(start..end));
            start = end;
        }
    }
    sentences.extend(text.get(start..));
    sentences.retain(|sentence| !sentence.trim().is_empty());
    sentences
}

/// The words of one sentence, without addresses.
pub fn words_in(sentence: &str) -> Sentence {
    sentence.split_whitespace().filter(|chunk| !is_address(chunk)).flat_map(words_of).collect()
}

/// The words of a text, folded.
pub fn words_of(text: &str) -> Vec<String> {
    let text = fold(text);
    let is_inside = |c: char| c.is_alphanumeric() || "'-_".contains(c);
    let words = text.split(|c| !is_inside(c)).map(|word| word.trim_matches(['\'', '-', '_']));
    words.flat_map(without_apostrophe).filter(|word| !word.is_empty()).collect()
}

/// Lower case, without accents, with one kind of apostrophe, the signs of money and percent as words.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            '’' | '‘' | '´' | '`' => folded.push('\''),
            'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' => folded.push('a'),
            'é' | 'è' | 'ê' | 'ë' => folded.push('e'),
            'í' | 'ì' | 'î' | 'ï' => folded.push('i'),
            'ó' | 'ò' | 'ô' | 'ö' | 'õ' | 'ø' => folded.push('o'),
            'ú' | 'ù' | 'û' | 'ü' => folded.push('u'),
            'ñ' => folded.push('n'),
            'ç' => folded.push('c'),
            'ß' => folded.push_str("ss"),
            '$' => folded.push_str(" dollars "),
            '€' => folded.push_str(" euros "),
            '£' => folded.push_str(" pounds "),
            '%' => folded.push_str(" percent "),
            'œ' => folded.push_str("oe"),
            'æ' => folded.push_str("ae"),
            // Combining accents and joiners belong to the letter before them.
            '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200d}' | '\u{fe0f}' => {}
            c => folded.push(c),
        }
    }
    folded
}

/// `don't` is `dont`, since many write it so; `l'argent` is two words.
fn without_apostrophe(word: &str) -> Vec<String> {
    match word.split_once('\'') {
        Some((head @ ("l" | "d" | "j" | "n" | "m" | "t" | "s" | "c" | "qu" | "jusqu"), tail))
            if tail.chars().count() > 2 || head.starts_with(['q', 'j']) =>
        {
            vec![head.to_owned(), tail.replace('\'', "")]
        }
        Some(_) => vec![word.replace('\'', "")],
        None => vec![word.to_owned()],
    }
}

fn ends_sentence(chunk: &str) -> bool {
    chunk
        .trim_end_matches(['"', '\'', ')', '”', '*', '_'])
        .ends_with(['.', '!', '?', ';', '…', '。', '？', '！'])
}

fn is_list_item(line: &str) -> bool {
    line.trim_start().starts_with(['-', '*', '•', '–'])
}

fn is_address(chunk: &str) -> bool {
    let has_host = |(before, after): (&str, &str)| !before.is_empty() && after.contains('.');
    chunk.contains("://") || chunk.starts_with("www.") || chunk.split_once('@').is_some_and(has_host)
}

/// A text without what stands in back quotes, be it a block or a part of a line.
pub fn without_code(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    for (place, block) in text.split("```").enumerate() {
        if place % 2 == 1 {
            kept.push('\n');
            continue;
        }
        for line in block.split_inclusive('\n') {
            let pieces = line.split('`');
            if pieces.clone().count() % 2 == 1 {
                pieces.step_by(2).for_each(|piece| kept.push_str(piece));
            } else {
                kept.push_str(line);
            }
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_compared_without_case_accents_and_apostrophes() {
        let cases: [(&str, &[&str]); 6] = [
            ("Don’t STOP", &["dont", "stop"]),
            ("J'ai l'abonnement", &["j", "ai", "l", "abonnement"]),
            ("Straße Größe", &["strasse", "grosse"]),
            ("I'm I'll", &["im", "ill"]),
            ("user_name e-mail", &["user_name", "e-mail"]),
            ("cafe\u{301}", &["cafe"]),
        ];
        for (text, expected) in cases {
            assert_eq!(words_of(text), expected, "{text}");
        }
    }

    #[test]
    fn code_and_addresses_are_no_words() {
        let text =
            "Call `DELETE /refund` now\n```\nkill -9\n```\nSee https://a.example/legal or a.b@c.example ok";
        let expected: Vec<Sentence> =
            vec![vec!["call".into(), "now".into()], vec!["see".into(), "or".into(), "ok".into()]];
        assert_eq!(sentences(text), expected);
    }
}
