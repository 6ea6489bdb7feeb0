//! Wording: languages, words, and the texts and voice in which the company speaks.

pub mod automatic;
pub mod characters;
pub mod hours;
pub mod language;
pub mod phrases;
pub mod quotes;
pub mod response_time;
pub mod step_count;
pub mod text;
pub mod texts;
pub mod voice;
