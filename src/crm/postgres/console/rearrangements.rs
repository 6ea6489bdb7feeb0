//! Calls of the functions for merges, splits and side conversations.

use deadpool_postgres::Transaction;
use serde_json::Value;
use tokio_postgres::types::{Json, ToSql};
use uuid::Uuid;

use crate::crm::port::CrmError;
use crate::domain::console::rearrangements::{
    ConversationMerge, ConversationSplit, MERGED_NOTE, RECEIVED_NOTE, Rearrangement,
};
use crate::domain::console::side::{FILES_MAX_BYTES, SideCommand, SideOpening};
use crate::domain::customers::contact::Email;
use crate::domain::ids::AttachmentId;

const MERGE_CUSTOMERS: &str = "select merge_customers($1, $2, $3, $4)";
const UNDO_MERGE: &str = "select undo_merge($1, $2)";
const MERGE: &str = "select merge_conversations($1, $2, $3, $4, $5, $6, $7, $8)";
const UNMERGE: &str = "select unmerge_conversation($1, $2)";
const SPLIT: &str = "select split_conversation($1, $2, $3, $4, $5, $6)";
const OPEN_SIDE: &str = "select open_side($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
const WRITE_SIDE: &str = "select write_side($1, $2, $3, $4, $5, $6, $7)";

pub async fn rearrange(
    transaction: &Transaction<'_>,
    actor: Uuid,
    command: &Rearrangement,
) -> Result<Json<Value>, CrmError> {
    let row = match command {
        Rearrangement::MergeCustomers { from, into, merge } => {
            transaction.query_one(MERGE_CUSTOMERS, &[&from.0, &actor, &into.0, &merge.0]).await?
        }
        Rearrangement::UndoMerge { merge } => transaction.query_one(UNDO_MERGE, &[&merge.0, &actor]).await?,
        Rearrangement::MergeConversations(order) => {
            let ConversationMerge { source, target, merge, source_note, target_note } = order.as_ref();
            let (source_note, target_note) = (&source_note.0, &target_note.0);
            let values: [&(dyn ToSql + Sync); 8] = [
                &source.0,
                &actor,
                &target.0,
                &merge.0,
                source_note,
                target_note,
                &MERGED_NOTE,
                &RECEIVED_NOTE,
            ];
            transaction.query_one(MERGE, &values).await?
        }
        Rearrangement::Unmerge { conversation } => {
            transaction.query_one(UNMERGE, &[&conversation.0, &actor]).await?
        }
        Rearrangement::Split(order) => {
            let ConversationSplit { conversation, messages, subject, new, ticket } = order.as_ref();
            let messages: Vec<Uuid> = messages.iter().map(|message| message.0).collect();
            let values: [&(dyn ToSql + Sync); 6] =
                [&conversation.0, &actor, &messages, subject, &new.0, &ticket.0];
            transaction.query_one(SPLIT, &values).await?
        }
    };
    Ok(row.try_get(0)?)
}

pub async fn call_side(
    transaction: &Transaction<'_>,
    actor: Uuid,
    command: &SideCommand,
) -> Result<Json<Value>, CrmError> {
    let row = match command {
        SideCommand::Open(opening) => {
            let SideOpening { conversation, side, message, to, subject, text, files, has_mail } =
                opening.as_ref();
            let to: Vec<&str> = to.iter().map(Email::as_str).collect();
            let values: [&(dyn ToSql + Sync); 10] = [
                &conversation.0,
                &actor,
                &side.0,
                &message.0,
                &to,
                subject,
                text,
                has_mail,
                &raw(files),
                &FILES_MAX_BYTES,
            ];
            transaction.query_one(OPEN_SIDE, &values).await?
        }
        SideCommand::Write { side, message, text, files, has_mail } => {
            let values: [&(dyn ToSql + Sync); 7] =
                [&side.0, &actor, &message.0, text, has_mail, &raw(files), &FILES_MAX_BYTES];
            transaction.query_one(WRITE_SIDE, &values).await?
        }
    };
    Ok(row.try_get(0)?)
}

fn raw(files: &[AttachmentId]) -> Vec<Uuid> {
    files.iter().map(|file| file.0).collect()
}
