//! Cache of passages as the guards read them: reading one costs more than all guards, and the same few passages answer most
//! questions.

use std::sync::{Arc, Mutex, PoisonError};

use crate::agent::canonical::{Canonical, SentenceWords};
use crate::domain::runtime::generational_cache::GenerationalCache;

/// Passages of one generation. With two generations of passages of 1,000 characters it takes some 10 MB.
const GENERATION: usize = 256;

/// A passage as the guards read it.
#[derive(Clone, Debug)]
pub struct PassageText {
    pub text: Canonical,
    /// Its words with blanks between them and at both ends.
    pub words: String,
}

/// Shared by all turns of a process.
#[derive(Clone, Debug)]
pub struct PassageTexts(Arc<Mutex<GenerationalCache<Arc<PassageText>>>>);

impl Default for PassageTexts {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(GenerationalCache::new(GENERATION))))
    }
}

impl PassageTexts {
    pub fn read(&self, passage: &str) -> Arc<PassageText> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(passage);
        known.unwrap_or_else(|| {
            let read = Arc::new(PassageText::of(passage));
            let mut cache = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            cache.insert(passage.to_owned(), Arc::clone(&read));
            read
        })
    }
}

impl PassageText {
    pub fn of(passage: &str) -> Self {
        let text = Canonical::of(passage);
        let [sentences, _] = text.readings();
        let words: Vec<&str> = sentences.iter().flat_map(SentenceWords::words).collect();
        let words = format!(" {} ", words.join(" "));
        Self { text, words }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passage_is_read_once_and_another_one_is_not_taken_for_it() {
        let texts = PassageTexts::default();
        let first = texts.read("Select **Forgot password**.");
        assert!(Arc::ptr_eq(&first, &texts.clone().read("Select **Forgot password**.")));
        assert_eq!(first.words, " select forgot password ");
        assert_eq!(texts.read("Select Sign in.").words, " select sign in ");
    }
}
