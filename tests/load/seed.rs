//! Test data: unanswered inquiries, stored without the program's HTTP front.

use anyhow::bail;
use fte::clock;
use fte::crm::port::Inquiries;
use fte::domain::customers::contact::{Address, Email};
use fte::domain::enums::{Category, Channel, Priority};
use fte::domain::ids::TicketId;
use fte::domain::messages::inquiry::{Attestation, Extras, Inquiry, Opening, Sender, Stored, Thread};

const BATCH: usize = 256;

/// Stores `messages` messages, spread evenly over `conversations` conversations, each of another customer.
pub async fn store(records: &dyn Inquiries, messages: u32, conversations: u32) -> anyhow::Result<()> {
    let opening: Vec<Inquiry> = (0..conversations).map(opening).collect::<Result<_, _>>()?;
    let tickets: Vec<TicketId> =
        opening.iter().filter_map(Inquiry::opening).map(|opening| opening.ticket).collect();
    store_all(records, opening).await?;
    let mut left = usize::try_from(messages - conversations)?;
    while left > 0 {
        let round: Vec<_> =
            tickets.iter().take(left).map(|ticket| message(Thread::Continues(*ticket))).collect();
        left -= round.len();
        store_all(records, round).await?;
    }
    Ok(())
}

async fn store_all(records: &dyn Inquiries, inquiries: Vec<Inquiry>) -> anyhow::Result<()> {
    for batch in inquiries.chunks(BATCH) {
        for stored in records.store_inquiries(batch.to_vec()).await {
            match stored? {
                Stored::Accepted(_) => {}
                refused @ (Stored::Conflict
                | Stored::NoTicket
                | Stored::TicketClosed
                | Stored::TicketFull) => {
                    bail!("an inquiry was not stored: {refused:?}")
                }
            }
        }
    }
    Ok(())
}

fn opening(number: u32) -> anyhow::Result<Inquiry> {
    let opening = Opening {
        conversation: clock::new_v7().into(),
        ticket: clock::new_v4().into(),
        customer: clock::new_v7().into(),
        sender: Sender {
            address: Address::Email(Email::parse(&format!("customer.{number}@load.example"))?),
            attestation: Attestation::Unverified,
            name: "Ann Example".to_owned(),
        },
        subject: "Signing in".to_owned(),
        category: Category::Technical,
        priority: Priority::Medium,
        contact_phone: None,
    };
    Ok(message(Thread::Opens(Box::new(opening))))
}

fn message(thread: Thread) -> Inquiry {
    let id = clock::new_v7();
    Inquiry {
        message: id.into(),
        channel: Channel::WebForm,
        external_id: id.to_string(),
        fingerprint: [0; 32],
        text: "I forgot my password. How do I get a new one?".to_owned(),
        thread,
        extras: Extras::default(),
    }
}
