//! Parser of the bodies of outgoing webhooks.

use std::collections::BTreeSet;

use crate::channels::fields::{FieldMessage, FormFields, line, list, word};
use crate::domain::enums::WebhookEvent;
use crate::domain::validation::InvalidForm;

const URL_CHARS: std::ops::RangeInclusive<usize> = 1..=2_000;

/// An endpoint to add. Whether its address may be used is not decided here.
#[derive(Debug, PartialEq, Eq)]
pub struct WebhookForm {
    pub url: String,
    /// Each once.
    pub types: Vec<WebhookEvent>,
}

pub fn webhook(body: &[u8]) -> Result<WebhookForm, InvalidForm> {
    let mut fields = FormFields::parse(body)?;
    let url = fields.required("url", |value| line(value, URL_CHARS));
    let types = fields.required_value("types", |value| {
        let types: BTreeSet<_> = list(value, WebhookEvent::ALL.len(), event)?.into_iter().collect();
        if types.is_empty() { Err("must name at least one type".into()) } else { Ok(types) }
    });
    let read = url.zip(types);
    fields.finish(read).map(|(url, types)| WebhookForm { url, types: types.into_iter().collect() })
}

/// Tests are sent when an admin asks for one.
fn event(value: String) -> Result<WebhookEvent, FieldMessage> {
    let event = word(&value)?;
    if event == WebhookEvent::Test {
        return Err("can't be webhook.test, which is sent on request".into());
    }
    Ok(event)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_webhook_has_an_address_and_known_types() {
        let read = |body: &str| webhook(body.as_bytes());
        let full = read(
            r#"{"url": "https://a.example", "types": ["message.sent", "ticket.created", "message.sent"]}"#,
        );
        let types = vec![WebhookEvent::TicketCreated, WebhookEvent::MessageSent];
        assert_eq!(full, Ok(WebhookForm { url: "https://a.example".to_owned(), types }));
        for types in ["[]", r#"["ticket.*"]"#, r#"["webhook.test"]"#, r#""ticket.created""#, "null", "[1]"] {
            let body = format!(r#"{{"url": "https://a.example", "types": {types}}}"#);
            match read(&body) {
                Err(InvalidForm::Invalid(errors)) => assert_eq!(errors[0].field, "types", "{types}"),
                unexpected => panic!("{types}: {unexpected:?}"),
            }
        }
    }
}
