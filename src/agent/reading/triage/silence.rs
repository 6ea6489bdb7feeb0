//! Intent detection of messages that need no answer: thanks, emoji, "it works now", empty messages.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::agent::reading::patterns::{split, words_of};

/// A set of words or phrases.
type Words = LazyLock<HashSet<&'static str>>;

/// Maximum words of a message that only expresses thanks.
const THANKS_MAX_WORDS: usize = 40;
/// Maximum words of a message without thanks that reports the problem as solved.
const SETTLED_MAX_WORDS: usize = 6;
/// Maximum words of a sentence next to "it works now" that is not a new question.
const BESIDE_MAX_WORDS: usize = 12;
/// Maximum words of a name, as below the thanks.
const NAME_MAX_WORDS: usize = 2;

/// Thanks and goodbyes: what is thanked for may be named beside them.
static THANKS: Words = LazyLock::new(|| {
    set(
        "thanks thank thankyou thx thanx tnx ty tysm cheers appreciated appreciate grateful bye goodbye danke \
     merci gracias grazie obrigado obrigada dank bedankt dankeschon mersi tack dzieki dziekuje spasibo arigato xie \
     shukran mahalo obliged",
    )
});

/// Words of assent and praise: they mark a sentence only if nothing else is in it, since they occur in requests too.
static ASSENT: Words = LazyLock::new(|| {
    set(
        "ok okay okey k kk great perfect awesome cool super excellent wonderful fantastic brilliant lovely welcome \
     noted understood ta nice prima klasse genial parfait perfecto perfekt amazing legend lifesaver alright gotcha \
     roger splendid marvellous haha lol yay bravo hurray hooray star treat np sure",
    )
});

/// Phrases that report the problem as solved, separated by slashes, by their first word.
static SETTLED: LazyLock<HashMap<&str, Vec<Vec<&str>>>> = LazyLock::new(|| {
    rows(
        "solved / resolved / worked / works now / works again / works fine / works great / works perfectly / it \
     works / working now / working again / working fine / sorted / fixed / did it / did the trick / figured \
     it out / found it / all good / never mind / nevermind / nvm / got it / all set / all i needed / helped / \
     geklappt / funktioniert jetzt / geht jetzt / erledigt / gelost / ya funciona / solucionado / resuelto / \
     ca marche / c est bon / resolu / no worries / no further / nothing else / you can close / please close / \
     ignore my / ignore that / disregard / will do / will try / i ll try / let you know / wrong chat / wrong number / by mistake / by \
     accident / same to you / see you / have a nice / have a good / have a great / take care / good night / no need / no reply \
     needed / just wanted to let you know / just to let you know / fyi / fine now / ok now / good now / back to normal",
    )
});

/// Words that ask for something, or report that a problem remains.
static ASKING: Words = LazyLock::new(|| {
    set(
        "failed fail crash crashes crashed freezes frozen lost gone empty blank disappeared vanished denied refused \
     but however still not dont doesnt didnt cant cannot wont isnt wasnt need want how what when where why \
     which who could would should please pls unfortunately another advance error errors broken fails failing \
     stuck wrong missing asap can wondering question except instead yet until only aber nicht wie bitte kann \
     leider noch trotzdem pero como puedo quiero todavia aun mais comment pas veux toujours encore voraus \
     avance antemano",
    )
});

/// Filler words around thanks.
static AROUND: Words = LazyLock::new(|| {
    set(
        "you u so very much many a lot lots ton again all good it that thats this is was were its now for your \
     the help helping support reply response answer quick fast prompt me i we my our have and will day one \
     everything fine well really to team guys stuff thing beans job trick sounds looks works makes sense did done no best regards kind hi hello hey there dear be vielen schon \
     beaucoup muchas just wanted say weekend evening morning man mate indeed ever yes yep too",
    )
});

/// Words that a subject may contain besides thanks without asking for anything.
static SUBJECT: Words = LazyLock::new(|| {
    set(
        "re fwd tool product app platform software love your kudos compliments feedback note message ticket big small question praise compliment whatsapp general inquiry \
     subject already request closed done update thank-you problem issue helping helpful from us of with love \
     closing",
    )
});

/// Whether a message asks for nothing.
pub(super) fn is_enough(text: &str) -> bool {
    if asks(text) || text.split_whitespace().count() > THANKS_MAX_WORDS {
        return false;
    }
    let words = words_of(text);
    let clauses = split(text).into_iter().flat_map(|sentence| sentence.split([',', ';', '–', '—', ':']));
    let sentences: Vec<Clause<'_>> =
        clauses.map(Clause::read).filter(|clause| !clause.words.is_empty()).collect();
    if words.len() > THANKS_MAX_WORDS || words.iter().any(|word| holds(&ASKING, word) && !is_settled(&words))
    {
        return false;
    }
    let settled = is_settled(&words) && !says_otherwise(&words);
    let thanks = words.iter().any(|word| is_core(word));
    let signs = |place: usize| place + 1 == sentences.len() && words.iter().any(|word| holds(&THANKS, word));
    words.is_empty()
        || (thanks || settled && words.len() <= SETTLED_MAX_WORDS)
            && sentences.iter().enumerate().all(|(place, clause)| {
                clause.is_name()
                    || clause.words.len() == 1 && signs(place)
                    || says_little(&clause.words, settled)
            })
}

/// A part of a message, with its words in lower case.
pub(super) struct Clause<'a> {
    text: &'a str,
    pub words: Vec<String>,
}

impl<'a> Clause<'a> {
    pub fn read(text: &'a str) -> Self {
        Self { text, words: words_of(text) }
    }

    /// Whether it is a name: one or two words with capitals. "Reset password" is an order.
    pub fn is_name(&self) -> bool {
        self.words.len() <= NAME_MAX_WORDS
            && self
                .text
                .split_whitespace()
                .filter(|word| word.contains(char::is_alphanumeric))
                .all(|word| word.trim_start_matches('(').starts_with(char::is_uppercase))
    }
}

/// Whether a subject adds nothing to thanks.
pub(super) fn says_nothing(subject: &str) -> bool {
    let words = words_of(subject);
    let known = |word: &String| [&THANKS, &ASSENT, &AROUND, &SUBJECT].iter().any(|list| holds(list, word));
    !asks(subject) && (words.iter().all(known) || is_settled(&words) && !says_otherwise(&words))
}

/// Whether a text has a question mark.
pub(super) fn asks(text: &str) -> bool {
    text.contains(['?', '？', '¿'])
}

/// Whether a sentence is thanks, praise or a goodbye, or accompanies "it works now".
fn says_little(sentence: &[String], settled: bool) -> bool {
    let unknown = sentence.iter().filter(|word| !holds(&AROUND, word) && !is_core(word)).count();
    unknown == 0
        || gives_thanks(sentence, unknown)
        || is_settled(sentence)
        || (settled && sentence.len() <= BESIDE_MAX_WORDS)
}

/// Whether a sentence begins with thanks, or contains them beside one more word: "thanks for the link", but not "the
/// export is empty, thanks".
fn gives_thanks(sentence: &[String], unknown: usize) -> bool {
    let Some(place) = sentence.iter().position(|word| holds(&THANKS, word)) else {
        return false;
    };
    let leads = sentence.iter().take(place).all(|word| holds(&AROUND, word) || is_core(word));
    unknown <= 1 || leads && !orders_something(sentence.get(place + 1..).unwrap_or_default())
}

/// Whether what follows the thanks is something else than their cause, such as an order.
fn orders_something(rest: &[String]) -> bool {
    let links = [
        "for", "to", "that", "with", "you", "a", "so", "very", "all", "again", "and", "the", "fur", "pour",
        "por",
    ];
    rest.first().is_some_and(|first| !links.contains(&first.as_str()))
        && rest.iter().filter(|word| !holds(&AROUND, word) && !is_core(word)).count() > 1
}

/// Whether words ask for something or report that a problem remains.
pub(super) fn wants_something(words: &[String]) -> bool {
    const WANTS: &[&str] = &[
        "love to",
        "like to",
        "id like",
        "wed like",
        "would like",
        "way to",
        "best way",
        "id love",
        "would love",
        "would be",
        "if only",
    ];
    let text = words.join(" ");
    words.iter().any(|word| holds(&ASKING, word)) || WANTS.iter().any(|phrase| text.contains(phrase))
}

fn is_core(word: &str) -> bool {
    holds(&THANKS, word) || holds(&ASSENT, word)
}

fn is_settled(words: &[String]) -> bool {
    words.iter().enumerate().any(|(start, first)| {
        let rest = words.get(start + 1..).unwrap_or_default();
        let fits = |row: &Vec<&str>| rest.len() >= row.len() && row.iter().zip(rest).all(|(a, b)| a == b);
        SETTLED.get(first.as_str()).is_some_and(|rows| rows.iter().any(fits))
    })
}

fn says_otherwise(words: &[String]) -> bool {
    static OTHERWISE: Words = LazyLock::new(|| {
        set(
            "but however still not didnt doesnt isnt hasnt wasnt never until except how could need want only nor \
     unfortunately why when aber nicht pero mais pas noch",
        )
    });
    words.iter().any(|word| holds(&OTHERWISE, word))
        && !words.windows(2).any(|pair| matches!(pair, [a, b] if a == "never" && b == "mind"))
}

fn holds(words: &Words, word: &str) -> bool {
    words.contains(word)
}

fn set(list: &'static str) -> HashSet<&'static str> {
    list.split_whitespace().collect()
}

/// Phrases indexed by their first word.
fn rows(list: &'static str) -> HashMap<&'static str, Vec<Vec<&'static str>>> {
    let mut rows: HashMap<_, Vec<_>> = HashMap::new();
    for mut row in list.split('/').map(str::split_whitespace) {
        if let Some(first) = row.next() {
            rows.entry(first).or_default().push(row.collect());
        }
    }
    rows
}
