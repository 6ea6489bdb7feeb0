//! E-mail formatter: greeting, signature, ticket reference; at most 500 words and 2,000 characters.

use super::{BrandVoice, Occasion, bold, chars, cut, words};

/// Maximum words of the whole mail (DESIGN.md, the agent).
const MAX_WORDS: usize = 500;
const MAX_CHARS: usize = 2_000;

pub(super) fn render_reply(text: &str, occasion: &Occasion<'_>, voice: &BrandVoice) -> String {
    let frame = &voice.email;
    let greeting = frame.greeting.to(occasion.customer_name);
    let signature = frame.signature.join("\n");
    let reference = frame.reference.replace("{ticket}", &occasion.ticket.to_string());
    let whole = |body: &str| format!("{greeting}\n\n{body}\n\n{signature}\n\n{reference}");
    let fits = |body: &str| {
        let mail = whole(body);
        words(&mail) <= MAX_WORDS && chars(&mail) <= MAX_CHARS
    };
    whole(&cut::shorten(&bold(text.trim(), ""), fits))
}
