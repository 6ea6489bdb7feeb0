//! Baseline without group commit: stores one inquiry in its own transaction, with one statement for each table. Uses
//! the same tables and constraints.

use deadpool_postgres::{Pool, Transaction};
use fte::actors::runtime::ask::{Answer, CallError};
use fte::crm::port::CrmError;
use fte::domain::customers::contact::Phone;
use fte::domain::enums::TicketStatus;
use fte::domain::ids::CustomerId;
use fte::domain::messages::inquiry::{
    Attestation, Freshness, Inquiry, Opening, Receipt, Stored, Thread, TicketNumber,
};
use time::OffsetDateTime;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Error, Row};

const IDENTIFIER: &str = "
    insert into customer_identifiers (kind, value, customer_id, attested) values ($1, $2, $3, $4)
    on conflict (kind, value) do update set attested = customer_identifiers.attested or excluded.attested
    returning customer_id";
const CUSTOMER: &str = "insert into customers (id, name) values ($1, $2) on conflict (id) do nothing";
const CONVERSATION: &str = "
    insert into conversations (id, customer_id, channel, attested, last_seq, last_inbound)
    values ($1, $2, $3, $4, 1, 1)";
const TICKET: &str = "
    insert into tickets (id, conversation_id, subject, category, priority, contact_phone)
    values ($1, $2, $3, $4, $5, $6) returning number";
const MESSAGE: &str = "
    insert into messages (id, conversation_id, seq, channel, direction, role, external_id, fingerprint, content,
                          identifier_kind, identifier_value, attested, accepted_status)
    values ($1, $2, 1, $3, 'inbound', 'customer', $4, $5, $6, $7, $8, $9, 'open') returning created_at";
const OUTBOX: &str = "
    insert into outbox (topic, key, payload)
    values ('fte.tickets.incoming', $1,
            jsonb_build_object('version', 1, 'conversation_id', $1::uuid, 'channel', $2::text))";

/// Stores an inquiry that opens a conversation. A repeated external id is an error here.
pub async fn store(pool: &Pool, inquiry: Inquiry) -> Answer<Stored> {
    let Thread::Opens(opening) = &inquiry.thread else {
        return Ok(Stored::NoTicket);
    };
    let client = pool.get().await;
    let mut client = client.map_err(|error| CallError::Crm(CrmError::Unavailable(error.to_string())))?;
    let stored = async {
        let transaction = client.transaction().await?;
        let stored = insert(&transaction, &inquiry, opening).await?;
        transaction.commit().await?;
        Ok::<_, Error>(stored)
    };
    let receipt = stored.await.map_err(|error| CallError::Crm(CrmError::Failed(error.to_string())))?;
    Ok(Stored::Accepted(receipt))
}

async fn insert(
    transaction: &Transaction<'_>,
    inquiry: &Inquiry,
    opening: &Opening,
) -> Result<Receipt, Error> {
    let identifier = &opening.sender.address;
    let (kind, value) = (identifier.kind().as_str(), identifier.value());
    let attested = opening.sender.attestation == Attestation::Attested;
    let (conversation, channel) = (opening.conversation.0, inquiry.channel.as_str());

    let customer = one(transaction, IDENTIFIER, &[&kind, &value, &opening.customer.0, &attested]).await?;
    let customer = CustomerId(customer.get(0));
    run(transaction, CUSTOMER, &[&customer.0, &opening.sender.name]).await?;
    run(transaction, CONVERSATION, &[&conversation, &customer.0, &channel, &attested]).await?;
    let (category, priority) = (opening.category.as_str(), opening.priority.as_str());
    let phone = opening.contact_phone.as_ref().map(Phone::as_str);
    let ticket: [&(dyn ToSql + Sync); 6] =
        [&opening.ticket.0, &conversation, &opening.subject, &category, &priority, &phone];
    let number: i64 = one(transaction, TICKET, &ticket).await?.get(0);
    let fingerprint = inquiry.fingerprint.as_slice();
    let message: [&(dyn ToSql + Sync); 9] = [
        &inquiry.message.0,
        &conversation,
        &channel,
        &inquiry.external_id,
        &fingerprint,
        &inquiry.text,
        &kind,
        &value,
        &attested,
    ];
    let stored_at: OffsetDateTime = one(transaction, MESSAGE, &message).await?.get(0);
    run(transaction, OUTBOX, &[&conversation, &channel]).await?;
    Ok(Receipt {
        message: inquiry.message,
        conversation: opening.conversation,
        ticket: opening.ticket,
        ticket_number: TicketNumber(number),
        status: TicketStatus::Open,
        stored_at,
        freshness: Freshness::New,
    })
}

async fn one(transaction: &Transaction<'_>, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<Row, Error> {
    let statement = transaction.prepare_cached(sql).await?;
    transaction.query_one(&statement, values).await
}

async fn run(transaction: &Transaction<'_>, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<u64, Error> {
    let statement = transaction.prepare_cached(sql).await?;
    transaction.execute(&statement, values).await
}
