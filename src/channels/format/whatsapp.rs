//! WhatsApp formatter: the text alone in WhatsApp's own markup, and below an answer a footer that begins with an emoji.
//! A text that exceeds one message is split when it is sent.

use super::{BrandVoice, Occasion, bold};
use crate::domain::enums::MessageKind;

pub(super) fn render_reply(text: &str, occasion: &Occasion<'_>, voice: &BrandVoice) -> String {
    let text = bold(text.trim(), "*");
    match occasion.kind {
        MessageKind::Message => format!("{text}\n\n{}", voice.whatsapp.footer),
        // No footer: a person is already taking over.
        MessageKind::Acknowledgement | MessageKind::Note => text,
    }
}
