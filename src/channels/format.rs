//! How a reply looks on its channel: greeting, signature, help link, length. Pure: what was decided is framed, never
//! changed but by leaving out its end.

use crate::domain::enums::{Channel, MessageKind};
use crate::domain::inquiry::TicketNumber;
use crate::domain::voice::BrandVoice;

pub mod cut;

mod email;
mod web_form;
mod whatsapp;

/// What a reply is framed for.
#[derive(Clone, Copy, Debug)]
pub struct Occasion<'a> {
    pub customer_name: &'a str,
    pub ticket: TicketNumber,
    pub kind: MessageKind,
}

/// The whole message as the customer gets it.
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

/// Bold marks of Markdown replaced by others; code is left as it is.
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
