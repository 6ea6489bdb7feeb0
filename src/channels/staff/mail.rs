//! Mail adapter for reminders to staff: the text of a reminder, for one member. It quotes nothing of what the customer wrote:
//! whoever may read that reads it in the console.

use secrecy::SecretString;

use super::format::{needs, spelt};
use crate::channels::verification::VerificationMail;
use crate::domain::conversations::escalation::Notice;
use crate::domain::customers::contact::Email;

/// A reminder, sent as the program's other mails to people who are no customers. `console` is the address of the pages.
pub fn reminder(to: Email, notice: &Notice, console: &str) -> VerificationMail {
    let (number, reason) = (notice.ticket_number, spelt(notice.reason.as_str()));
    let people = notice.contact.as_ref().map(|contact| format!("For: {contact}\n")).unwrap_or_default();
    let body = format!(
        "{number} {needs}: {reason}, {severity}.\nNobody has claimed it yet.\n{people}\n\
         {console}/console?c={conversation}\n",
        needs = needs(notice),
        severity = notice.severity,
        conversation = notice.conversation,
    );
    let subject = format!("{number} still needs a person: {reason} ({})", notice.severity);
    VerificationMail { to, subject, body: SecretString::from(body) }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;
    use time::macros::datetime;
    use uuid::Uuid;

    use super::*;
    use crate::domain::enums::{Channel, Reason, Severity};
    use crate::domain::messages::inquiry::TicketNumber;

    #[test]
    fn a_reminder_names_the_ticket_and_leads_to_it_and_says_nothing_of_the_customer() {
        let notice = Notice {
            escalation: Uuid::nil().into(),
            conversation: Uuid::nil().into(),
            ticket_number: TicketNumber(1042),
            channel: Channel::Email,
            customer_name: "Ann Example".to_owned(),
            reason: Reason::Pricing,
            severity: Severity::High,
            summary: "Wants a discount.".to_owned(),
            created_at: datetime!(2026-01-02 03:04:05 UTC),
            key: Uuid::nil(),
            reminders: 2,
            contact: Some("Head of Sales".to_owned()),
            attempt: 1,
        };
        let mail = reminder(Email::parse("me@example.com").unwrap(), &notice, "https://help.example.com");
        assert_eq!(mail.subject, "T-1042 still needs a person: pricing (high)");
        assert_eq!(
            mail.body.expose_secret(),
            "T-1042 still needs a person (reminder 2): pricing, high.\nNobody has claimed it yet.\n\
             For: Head of Sales\n\n\
             https://help.example.com/console?c=00000000-0000-0000-0000-000000000000\n"
        );
    }
}
