//! Tests of the pattern language: matches, and patterns that are refused.

use proptest::prelude::*;

use super::*;

fn groups() -> Groups {
    let group = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    Groups::from([("rival".to_owned(), group(&["monday.com", "Asana", "click up"]))])
}

fn finds(pattern: &str, text: &str) -> bool {
    let mut lexicon = Lexicon::default();
    lexicon.add(Pattern::read(pattern, &groups()).unwrap(), ());
    sentences(text).iter().any(|sentence| !lexicon.matches(sentence).is_empty())
}

#[test]
fn a_pattern_matches_whole_words_of_one_sentence() {
    let cases = [
        ("refund*", "I want REFUNDS!", true),
        ("*frist", "Was ist die Kündigungsfrist?", true),
        ("*frist", "fristlos", false),
        ("human", "a human-readable user_human file", false),
        ("human", "\"Human\", please", true),
        ("talk to a? human|person", "Can I talk to person X?", true),
        ("talk to a? human|person", "Can I talk to the human?", false),
        ("talk to .. human", "talk to a real living human", true),
        ("talk to .. human", "talk to one two three four human", false),
        ("talk to ... human", "talk to one two three four human", true),
        ("talk to human", "I talk to. Human readable", false),
        ("^ pricing $", "Hello. Pricing?", true),
        ("^ pricing $", "Our pricing?", false),
        ("don't", "I don’t", true),
        ("don't", "I dont", true),
        ("kündigen", "ich will kundigen", true),
        ("kundigen", "ich will KÜNDIGEN", true),
        ("l'abonnement", "résilier l’abonnement", true),
        ("abonnement", "résilier l'abonnement", true),
        ("refund", "see https://x.example/refund and refund@x.example", false),
        ("my money", "give me my\nmoney", true),
        ("than {rival}", "better than Monday.com?", true),
        ("than {rival}|trello", "cheaper than trello", true),
        ("than {rival} $", "better than click up", true),
        ("than {rival}", "see you on monday", false),
        ("a refund now|$", "a refund", true),
        ("a refund now|$", "a refund later", false),
        ("for 20 dollars", "for $20", false),
        ("for dollars 20", "for $20", true),
        ("20 percent", "20% off", true),
    ];
    for (pattern, text, expected) in cases {
        assert_eq!(finds(pattern, text), expected, "{pattern:?} in {text:?}");
    }
}

#[test]
fn a_pattern_that_could_never_match_is_refused() {
    let cases = [
        ("", BadPattern::Empty),
        ("^ $", BadPattern::Empty),
        (".. refund", BadPattern::Beginning("..".to_owned())),
        ("a? refund", BadPattern::Beginning("a?".to_owned())),
        ("refund now?", BadPattern::Ending("now?".to_owned())),
        ("refund ..", BadPattern::Ending("..".to_owned())),
        ("than {rivals}", BadPattern::UnknownGroup("rivals".to_owned())),
        ("refund !", BadPattern::NoWord("!".to_owned())),
        ("refund now|", BadPattern::NoWord(String::new())),
    ];
    for (pattern, expected) in cases {
        assert_eq!(Pattern::read(pattern, &groups()), Err(expected), "{pattern:?}");
    }
}

proptest! {
    #[test]
    fn no_text_breaks_it(text in "\\PC{0,80}", pattern in "[a-c?*.|{}^$ ]{0,12}") {
        finds("a .. b? c* $", &text);
        if let Ok(pattern) = Pattern::read(&pattern, &groups()) {
            let mut lexicon = Lexicon::default();
            lexicon.add(pattern, ());
            for sentence in sentences(&text) {
                lexicon.matches(&sentence);
            }
        }
    }
}

/// The matches of a linear scan without the index.
fn tried_everywhere(lexicon: &Lexicon<usize>, sentence: &[String]) -> Vec<usize> {
    let mut all = Marks::default();
    (0..lexicon.numbers).for_each(|number| all.add(number));
    let marked = |word: &'_ String| Marked { text: word.clone().leak(), marks: Cow::Owned(all.clone()) };
    let marked: Vec<Marked<'_>> = sentence.iter().map(marked).collect();
    let places = |(pattern, value): &(Pattern, usize)| {
        let count = (0..marked.len()).filter(|start| pattern.span(&marked, *start).is_some()).count();
        vec![*value; count]
    };
    lexicon.entries.iter().flat_map(places).collect()
}

proptest! {
    #[test]
    fn looking_first_for_what_a_pattern_needs_changes_no_match(
        sentence in proptest::collection::vec("(re|fund|refund|ed|un|frist|click|up|asana|now|the|é)(s|ed|frist)?", 0..9)
    ) {
        let patterns = ["refund*", "*frist", "{rival} .. now|$", "re|the fund* un? now", "^ the ... *ed $", "é*", "*s up?  refund"];
        let mut lexicon = Lexicon::default();
        for (place, pattern) in patterns.into_iter().enumerate() {
            lexicon.add(Pattern::read(pattern, &groups()).unwrap(), place);
        }
        prop_assert_eq!(lexicon.matches(&sentence), tried_everywhere(&lexicon, &sentence));
    }
}
