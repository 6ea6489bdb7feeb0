//! Reply formatter for each channel: greeting, signature, help link and maximum length. Pure: it frames the reply's
//! text and never changes it except by truncation.

use crate::domain::enums::{Channel, MessageKind};
use crate::domain::messages::inquiry::TicketNumber;
use crate::domain::wording::voice::BrandVoice;

pub mod cut;

mod email;
mod web_form;
mod whatsapp;

/// The ticket and customer details that the frame of a reply needs.
#[derive(Clone, Copy, Debug)]
pub struct Occasion<'a> {
    pub customer_name: &'a str,
    pub ticket: TicketNumber,
    pub kind: MessageKind,
}

/// The complete message as the customer receives it.
pub fn render_reply(channel: Channel, text: &str, occasion: &Occasion<'_>, voice: &BrandVoice) -> String {
    match channel {
        Channel::Email => email::render_reply(text, occasion, voice),
        Channel::Whatsapp => whatsapp::render_reply(text, occasion, voice),
        Channel::WebForm => web_form::render_reply(text, occasion, voice),
    }
}

fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

fn chars(text: &str) -> usize {
    text.chars().count()
}

/// Replaces Markdown's bold marks by others; code is left unchanged.
fn bold(text: &str, mark: &str) -> String {
    let pieces = text.split("**");
    // An odd number of marks is not bold.
    if pieces.clone().count().is_multiple_of(2) || text.contains("```") {
        return text.to_owned();
    }
    pieces.collect::<Vec<_>>().join(mark)
}

#[cfg(test)]
mod tests;
