//! Text normalisation: words without regard to case, accents and apostrophes.

/// The normalised words of a text.
pub fn words_of(text: &str) -> Vec<String> {
    if text.bytes().all(|byte| byte.is_ascii() && !b"'`$%".contains(&byte)) {
        return plain_words(text);
    }
    let text = fold(text);
    let is_inside = |c: char| c.is_alphanumeric() || "'-_".contains(c);
    let words = text.split(|c| !is_inside(c)).map(|word| word.trim_matches(['\'', '-', '_']));
    words.flat_map(without_apostrophe).filter(|word| !word.is_empty()).collect()
}

/// The same of ASCII text that holds nothing of which `fold` makes a word or an apostrophe.
fn plain_words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_');
    let words = words.map(|word| word.trim_matches(['-', '_'])).filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase).collect()
}

/// Lower case, without accents, with one kind of apostrophe; currency and percent signs become words.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            '’' | '‘' | '´' | '`' => folded.push('\''),
            'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' | 'ą' => folded.push('a'),
            'é' | 'è' | 'ê' | 'ë' | 'ę' => folded.push('e'),
            'í' | 'ì' | 'î' | 'ï' => folded.push('i'),
            'ó' | 'ò' | 'ô' | 'ö' | 'õ' | 'ø' => folded.push('o'),
            'ú' | 'ù' | 'û' | 'ü' => folded.push('u'),
            'ñ' | 'ń' => folded.push('n'),
            'ç' | 'ć' => folded.push('c'),
            'ł' => folded.push('l'),
            'ś' => folded.push('s'),
            'ź' | 'ż' => folded.push('z'),
            'ß' => folded.push_str("ss"),
            '$' => folded.push_str(" dollars "),
            '€' => folded.push_str(" euros "),
            '£' => folded.push_str(" pounds "),
            '%' => folded.push_str(" percent "),
            'œ' => folded.push_str("oe"),
            'æ' => folded.push_str("ae"),
            // Combining accents and joiners belong to the preceding letter.
            '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200d}' | '\u{fe0f}' => {}
            c => folded.push(c),
        }
    }
    folded
}

/// `don't` becomes `dont`, as many people write it; `l'argent` becomes two words.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_compared_without_case_accents_and_apostrophes() {
        let cases: [(&str, &[&str]); 8] = [
            ("-Well-known_ A1, (b)__--", &["well-known", "a1", "b"]),
            ("5 % of 10$", &["5", "percent", "of", "10", "dollars"]),
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
}
