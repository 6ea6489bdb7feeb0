//! The table of where personal data lives names every column that can hold a text, in code and in the docs.

use std::collections::BTreeSet;

use fte::domain::customers::personal_data::{HeldData, OnErasure, PERSONAL_DATA};

use crate::support::postgres::{client, fresh_database};

const TEXTS: &str = "
    select c.table_name || '.' || c.column_name
    from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
    where c.table_schema = 'public' and t.table_type = 'BASE TABLE'
      and (c.data_type in ('text', 'character varying', 'json', 'jsonb', 'tsvector') or c.udt_name in ('_text', '_varchar'))";

fn listed() -> BTreeSet<String> {
    let columns = PERSONAL_DATA
        .iter()
        .flat_map(|table| table.columns.iter().map(|(column, _)| format!("{}.{column}", table.table)));
    columns.collect()
}

async fn found(client: &tokio_postgres::Client) -> BTreeSet<String> {
    client.query(TEXTS, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
}

#[tokio::test]
async fn every_column_that_can_hold_a_text_is_listed() {
    let client = client(&fresh_database().await).await;
    assert_eq!(found(&client).await, listed());
    // The test sees a new column, of whatever type.
    for change in ["add column remark text", "add column remarks text[]", "add column more jsonb"] {
        client.batch_execute(&format!("alter table tickets {change}")).await.unwrap();
        let unlisted: Vec<String> = found(&client).await.difference(&listed()).cloned().collect();
        assert!(unlisted[0].starts_with("tickets."), "{change}");
    }
}

#[test]
fn the_docs_show_the_same_table() {
    let document = include_str!("../../../docs/personal-data.md");
    let mut expected = String::new();
    for table in PERSONAL_DATA {
        for (column, holding) in table.columns {
            let erased = match holding {
                HeldData::Customer(OnErasure::Blanked) => "becomes `[erased]`",
                HeldData::Customer(OnErasure::Emptied) => "is emptied",
                HeldData::Customer(OnErasure::Deleted) => "goes with its row",
                HeldData::Customer(OnErasure::Kept) => "stays: a provider's id",
                HeldData::Program | HeldData::Company | HeldData::Staff => continue,
            };
            expected.push_str(&format!("| `{}.{column}` | {erased} |\n", table.table));
        }
    }
    assert!(document.contains(&expected), "docs/personal-data.md must contain:\n{expected}");
}
