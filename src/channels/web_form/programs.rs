//! Parser of a request that a program submits for a customer whom its token names.

use time::Date;

use crate::channels::digest::{digest, keyed_id};
use crate::channels::fields::{FormFields, line, text, word};
use crate::domain::enums::{Category, Channel, Priority};
use crate::domain::history::CustomerContact;
use crate::domain::ids::CustomerId;
use crate::domain::messages::inquiry::{Attestation, Extras, FreshIds, Inquiry, Opening, Sender, Thread};
use crate::domain::validation::InvalidForm;

/// Whom a program's token names. Nothing of it comes from the arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requester {
    pub customer: CustomerId,
    pub contact: CustomerContact,
    /// Of the call, in UTC.
    pub day: Date,
}

/// Parses `{subject, message, category?, priority?}`. The same text on the same day is the same request, because models
/// repeat calls. The address counts as unverified: a token says whose data may be shown, not who can read a mailbox.
pub fn program_request(
    arguments: &[u8],
    requester: &Requester,
    ids: FreshIds,
) -> Result<Inquiry, InvalidForm> {
    let mut fields = FormFields::parse(arguments)?;
    let subject = fields.required("subject", |value| line(value, 5..=200));
    let message = fields.required("message", |value| text(value, 10..=10_000));
    let category = fields.optional("category", |value| word(&value));
    let priority = fields.optional("priority", |value| word(&value));
    let (subject, message) = fields.finish(subject.zip(message))?;
    let (customer, day) = (requester.customer.to_string(), requester.day.to_string());
    Ok(Inquiry {
        message: ids.message,
        channel: Channel::WebForm,
        external_id: keyed_id(&["program", &customer, &day, &subject, &message]),
        fingerprint: digest(&["program", &subject, &message]),
        text: message,
        thread: Thread::Opens(Box::new(Opening {
            conversation: ids.conversation,
            ticket: ids.ticket,
            customer: ids.customer,
            sender: Sender {
                address: requester.contact.address.clone(),
                attestation: Attestation::Unverified,
                name: requester.contact.name.clone(),
            },
            subject,
            category: category.unwrap_or(Category::General),
            priority: priority.unwrap_or(Priority::Medium),
            contact_phone: None,
        })),
        extras: Extras::default(),
    })
}

#[cfg(test)]
mod tests {
    use time::macros::date;
    use uuid::Uuid;

    use super::*;
    use crate::domain::customers::contact::{Address, Email};

    fn requester(customer: u128, day: Date) -> Requester {
        let address = Address::Email(Email::parse("ann@example.com").unwrap());
        let contact = CustomerContact { name: "Ann".to_owned(), address };
        Requester { customer: Uuid::from_u128(customer).into(), contact, day }
    }

    fn parse(arguments: &str, requester: &Requester) -> Result<Inquiry, InvalidForm> {
        let id = Uuid::from_u128(9);
        let ids =
            FreshIds { message: id.into(), conversation: id.into(), ticket: id.into(), customer: id.into() };
        program_request(arguments.as_bytes(), requester, ids)
    }

    #[test]
    fn a_request_is_the_same_for_one_customer_on_one_day() {
        let request = r#"{"subject": "Login fails", "message": "I cannot sign in."}"#;
        let urgent = r#"{"subject": "Login fails", "message": "I cannot sign in.", "priority": "high"}"#;
        let (ann, day) = (requester(1, date!(2026 - 11 - 30)), date!(2026 - 12 - 01));
        let first = parse(request, &ann).unwrap();
        let again = parse(urgent, &ann).unwrap();
        assert_eq!((&first.external_id, first.fingerprint), (&again.external_id, again.fingerprint));
        for other in [requester(2, date!(2026 - 11 - 30)), requester(1, day)] {
            assert_ne!(parse(request, &other).unwrap().external_id, first.external_id);
        }
        let opening = first.opening().unwrap();
        assert_eq!(opening.sender.attestation, Attestation::Unverified);
        assert_eq!((opening.category, opening.priority), (Category::General, Priority::Medium));
    }

    #[test]
    fn an_argument_that_names_a_customer_is_refused() {
        let arguments =
            r#"{"subject": "Hi", "message": "I cannot sign in.", "category": "x", "customer_id": "1"}"#;
        match parse(arguments, &requester(1, date!(2026 - 11 - 30))) {
            Err(InvalidForm::Invalid(errors)) => {
                let fields: Vec<_> = errors.iter().map(|error| &*error.field).collect();
                assert_eq!(fields, ["subject", "category", "customer_id"]);
            }
            other => panic!("{other:?}"),
        }
    }
}
