//! WhatsApp: the text alone, in WhatsApp's own marks, and under an answer a footer that begins with an emoji. What is too
//! long for one message is split when it is sent.

use super::{BrandVoice, Occasion, bold};
use crate::domain::enums::MessageKind;

pub(super) fn render_reply(text: &str, occasion: &Occasion<'_>, voice: &BrandVoice) -> String {
    let text = bold(text.trim(), "*");
    match occasion.kind {
        MessageKind::Message => format!("{text}\n\n{}", voice.whatsapp.footer),
        // A person is on their way already.
        MessageKind::Acknowledgement | MessageKind::Note => text,
    }
}
