//! Hybrid search of the knowledge: the best sections for a question, and whether the best of them is good enough.

use deadpool_postgres::Pool;
use pgvector::Vector;
use tokio_postgres::Row;

use super::PgStore;
use crate::crm::port::{CrmError, Knowledge, StoreFuture};
use crate::domain::background::{OWN_TRADE_NEARNESS, OWN_TRADE_SHARE};
use crate::domain::knowledge::{Dimensions, Findings, Passage, Question, SearchMode};
use crate::domain::relevance::{Evidence, is_enough};

/// One statement for each length of vectors: PostgreSQL takes no table's name as a parameter.
macro_rules! search_in {
    ($table:literal) => {
        concat!(
            include_str!("search_head.sql"),
            "    from ",
            $table,
            include_str!("search_middle.sql"),
            $table,
            include_str!("search_tail.sql")
        )
    };
}

const IN_384: &str = search_in!("knowledge_vectors_384");
const IN_1536: &str = search_in!("knowledge_vectors_1536");

impl Knowledge for PgStore {
    fn search(&self, question: Question, limit: i64) -> StoreFuture<Result<Findings, CrmError>> {
        Box::pin(search(self.pools.search.clone(), question, limit))
    }
}

async fn search(pool: Pool, question: Question, limit: i64) -> Result<Findings, CrmError> {
    let Question { text, vector } = question;
    let (sql, vector, model) = match vector {
        None => (IN_384, None, None),
        Some(vector) => {
            let sql = match vector.model.dimensions {
                Dimensions::D384 => IN_384,
                Dimensions::D1536 => IN_1536,
            };
            (sql, Some(Vector::from(vector.values)), Some(vector.model.name))
        }
    };
    let client = pool.get().await?;
    let statement = client.prepare_cached(sql).await?;
    let (nearness, share) = (OWN_TRADE_NEARNESS, OWN_TRADE_SHARE);
    let rows = client.query(&statement, &[&text, &vector, &model, &limit, &nearness, &share]).await?;
    findings(&text, &rows)
}

fn findings(question: &str, rows: &[Row]) -> Result<Findings, CrmError> {
    let mut findings = Findings::default();
    let mut lowest: f64 = 1.0;
    for row in rows {
        if row.try_get("hybrid")? {
            findings.mode = SearchMode::Hybrid;
        }
        let evidence = evidence(row)?;
        let passage = Passage {
            id: row.try_get("id")?,
            title: row.try_get("title")?,
            section: row.try_get("heading_path")?,
            text: row.try_get("content")?,
            score: lowest.min(evidence.score()),
        };
        if findings.passages.is_empty() {
            let section = format!("{}\n{}", passage.section, passage.text);
            findings.relevant = is_enough(question, &section, evidence);
        }
        // The order is that of the ranks; a score tells how well a section fits and never rises on the way down.
        lowest = passage.score;
        findings.passages.push(passage);
    }
    Ok(findings)
}

fn evidence(row: &Row) -> Result<Evidence, CrmError> {
    Ok(Evidence {
        words: row.try_get("words")?,
        held: row.try_get("held")?,
        matches: row.try_get("matches")?,
        unknown: row.try_get("unknown")?,
        cosine: row.try_get("cosine")?,
        elsewhere: row.try_get("elsewhere")?,
        held_elsewhere: row.try_get("held_elsewhere")?,
        misspelt: row.try_get("misspelt")?,
    })
}
