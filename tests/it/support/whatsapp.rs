//! Test data builders: WhatsApp messages for tests of the records.

use fte::channels::port::fresh_ids;
use fte::channels::whatsapp::{Form, inbound};
use fte::domain::messages::inquiry::Inquiry;

/// The form that Twilio posts for a message.
pub fn form(from: &str, sid: &str, text: &str) -> Form {
    Form::from([
        ("MessageSid", sid),
        ("From", &format!("whatsapp:{from}")),
        ("To", "whatsapp:+14155238886"),
        ("Body", text),
        ("ProfileName", "Ann"),
    ])
}

/// A form with one photo and no text.
pub fn photo(from: &str, sid: &str, url: &str) -> Form {
    let mut form = form(from, sid, "");
    for (name, value) in [("NumMedia", "1"), ("MediaUrl0", url), ("MediaContentType0", "image/jpeg")] {
        form.push(name, value);
    }
    form
}

/// The inquiry parsed from a form, with new ids.
pub fn chat(form: &Form) -> Inquiry {
    inbound(form, fresh_ids()).unwrap()
}
