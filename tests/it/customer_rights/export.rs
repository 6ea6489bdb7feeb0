//! The export holds every column that can hold personal data, with the files, and no secret.

use std::path::Path;

use fte::domain::customers::personal_data::{HeldData, PERSONAL_DATA};
use serde_json::Value;

use super::marked::{MARKER, marked};
use crate::operations::commands::fte_with;
use crate::support::customers::{Customer, FORGOTTEN};
use crate::support::postgres::fresh_database;
use crate::support::served::Served;

/// Tables whose rows say nothing about the customer but how a message was handed on; and side conversations, which are
/// between staff and third parties: an export says only that there was one. `closed_conversations` is a copy.
const NOT_EXPORTED: &[&str] = &[
    "closed_conversations",
    "delivery_drafts",
    "outbox",
    "side_conversations",
    "side_files",
    "side_messages",
    "staff_requests",
];

async fn exported(url: &str, served: &Served, customer: &str, out: &Path) -> Value {
    let data = served.data_dir().to_str().unwrap().to_owned();
    let arguments = ["customer", "export", customer, "--out", out.to_str().unwrap()];
    let done = fte_with(url, &arguments, "", &[("FTE_DATA_DIR", &data)]).await;
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    serde_json::from_slice(&std::fs::read(out.join("export.json")).unwrap()).unwrap()
}

#[tokio::test]
async fn everything_that_is_held_is_exported_with_the_files() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    let ann = marked(&url, &served).await;
    Customer::of(&served.base).submit("bob@example.com", "1", "Bob asks how to reset his password.").await;
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("export");
    let export = exported(&url, &served, &ann.customer, &out).await;
    assert_eq!(export["customer_id"], ann.customer);
    for table in PERSONAL_DATA.iter().filter(|table| !NOT_EXPORTED.contains(&table.table)) {
        for (column, holding) in table.columns {
            if matches!(holding, HeldData::Customer(_)) {
                let rows =
                    export["tables"][table.table].as_array().unwrap_or_else(|| panic!("{}", table.table));
                let has = rows.iter().any(|row| row.get(column).is_some());
                assert!(has, "{}.{column} is not exported", table.table);
            }
        }
    }
    let text = export.to_string();
    assert_eq!(export["tables"]["side_conversations"].as_array().unwrap().len(), 1);
    assert!(!text.contains("zyxmarker@example.net"), "of a side conversation");
    assert!(text.contains(MARKER) && !text.contains("Bob asks"));
    for secret in ["token_hash", "code_hash", "code_salt", "fingerprint"] {
        assert!(!text.contains(secret), "{secret}");
    }
    let files = export["files"].as_array().unwrap();
    assert_eq!(files.len(), 2, "{files:?}");
    for file in files {
        let content = std::fs::read(out.join(file["path"].as_str().unwrap())).unwrap();
        assert!(String::from_utf8(content).unwrap().ends_with("of zyxmarker"));
    }

    let path = format!("/staff/customers/{}/export", ann.customer);
    let served_export = Customer::of(&served.base).json(&path).await;
    assert_eq!(served_export["tables"]["messages"], export["tables"]["messages"]);
    assert_eq!(served_export["files"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_folder_with_something_in_it_and_an_unknown_customer_are_refused() {
    let url = fresh_database().await;
    let served = Served::start(&url, &[]).await;
    Customer::of(&served.base).submit("ann@example.com", "1", FORGOTTEN).await;
    let dir = tempfile::tempdir().unwrap();
    let unknown = "0197c9b2-5d1e-7c63-9a51-0d2f6a3b8c41";
    let out = dir.path().join("new");
    let refused =
        fte_with(&url, &["customer", "export", unknown, "--out", out.to_str().unwrap()], "", &[]).await;
    assert_eq!(refused.status.code(), Some(2));
    assert!(!out.exists());
    std::fs::write(dir.path().join("kept"), "x").unwrap();
    let full = ["customer", "export", unknown, "--out", dir.path().to_str().unwrap()];
    let refused = fte_with(&url, &full, "", &[]).await;
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("not empty"));
}
