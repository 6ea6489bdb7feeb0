//! Wording: languages, words, and the texts and voice in which the company speaks.

pub mod characters;
pub mod hours;
pub mod language;
pub mod text;
pub mod texts;
pub mod voice;
