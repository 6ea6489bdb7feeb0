//! Data transfer objects of customers' rights: the export of what is held, and the receipt of an erasure.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::domain::customers::rights::{CustomerExport, ErasureReceipt};
use crate::domain::ids::CustomerId;

/// Everything that is held of a customer.
#[derive(Debug, Serialize, ToSchema)]
pub struct CustomerDataExport {
    pub customer_id: CustomerId,
    #[serde(with = "time::serde::rfc3339")]
    pub exported_at: OffsetDateTime,
    /// The rows of each table, as they are stored.
    pub tables: BTreeMap<&'static str, Vec<Value>>,
    /// The files beside the messages; `fte customer export` writes them too.
    pub files: Vec<ExportedFileRef>,
}

/// A file by its content.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExportedFileRef {
    /// In hexadecimal.
    #[schema(example = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    pub sha256: String,
    #[schema(example = "image/png")]
    pub content_type: String,
    pub size_bytes: i64,
}

/// The customer's own id, as a confirmation. Unknown fields are refused.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ErasureRequest {
    pub confirm: CustomerId,
}

/// The proof of an erasure.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErasureProof {
    #[serde(with = "time::serde::rfc3339")]
    pub erased_at: OffsetDateTime,
    /// How many rows of each kind lost their content.
    pub counts: BTreeMap<String, i64>,
}

impl From<CustomerExport> for CustomerDataExport {
    fn from(export: CustomerExport) -> Self {
        let parsed = |rows: Vec<String>| {
            rows.iter().map(|row| serde_json::from_str(row).unwrap_or_default()).collect()
        };
        let files = export.files.into_iter().map(|file| ExportedFileRef {
            sha256: hex::encode(file.sha256),
            content_type: file.content_type,
            size_bytes: file.size_bytes,
        });
        Self {
            customer_id: export.customer,
            exported_at: export.exported_at,
            tables: export.tables.into_iter().map(|(table, rows)| (table, parsed(rows))).collect(),
            files: files.collect(),
        }
    }
}

impl From<ErasureReceipt> for ErasureProof {
    fn from(receipt: ErasureReceipt) -> Self {
        Self { erased_at: receipt.erased_at, counts: receipt.counts }
    }
}
