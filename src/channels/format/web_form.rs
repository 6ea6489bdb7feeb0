//! Web form formatter: semi-formal, with a link to the help pages below an answer; at most 300 words.

use super::{BrandVoice, Occasion, cut, words};
use crate::domain::enums::MessageKind;

/// Maximum words of the whole message (DESIGN.md, the agent).
const MAX_WORDS: usize = 300;

pub(super) fn render_reply(text: &str, occasion: &Occasion<'_>, voice: &BrandVoice) -> String {
    let frame = &voice.web_form;
    let greeting = frame.greeting.to(occasion.customer_name);
    let footer = match occasion.kind {
        MessageKind::Message => format!("\n\n{}", frame.footer.replace("{help}", &voice.help_link)),
        MessageKind::Acknowledgement | MessageKind::Note => String::new(),
    };
    let whole = |body: &str| format!("{greeting}\n\n{body}{footer}");
    whole(&cut::shorten(text.trim(), |body| words(&whole(body)) <= MAX_WORDS))
}
