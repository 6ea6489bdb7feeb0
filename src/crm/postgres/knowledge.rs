//! The knowledge base: sections in, the best ones for a question out.

use deadpool_postgres::Pool;
use sha2::{Digest, Sha256};

use crate::crm::port::CrmError;
use crate::domain::knowledge::{Findings, Ingested, Passage, Section};

/// Scores from here on are good enough to answer from. A score is the share of the question's words, weighted by
/// how rare they are in the knowledge, that a section holds; words that are in its headings count more.
const RELEVANT: f64 = 0.45;

/// One writer at a time: the key of the advisory lock under which a file's sections are replaced.
const INGEST_LOCK: i64 = 0x66_74_65_6b_62;

const SEARCH: &str = include_str!("search.sql");

pub async fn search(pool: Pool, query: String, at_most: i64) -> Result<Findings, CrmError> {
    let client = pool.get().await?;
    let statement = client.prepare_cached(SEARCH).await?;
    let rows = client.query(&statement, &[&query, &at_most]).await?;
    let passages = rows
        .iter()
        .map(|row| {
            Ok(Passage {
                id: row.try_get("id")?,
                title: row.try_get("title")?,
                section: row.try_get("heading_path")?,
                text: row.try_get("content")?,
                score: row.try_get("score")?,
            })
        })
        .collect::<Result<Vec<_>, CrmError>>()?;
    let relevant = passages.first().is_some_and(|best| best.score >= RELEVANT);
    Ok(Findings { passages, relevant })
}

const WRITE: &str = "\
insert into knowledge_base (id, file, position, title, heading_path, content, content_hash, words) \
select s.id, $1, s.position, s.title, s.path, s.content, s.hash, \
       setweight(to_tsvector('english', s.title), 'A') || setweight(to_tsvector('english', s.path), 'B') \
       || setweight(to_tsvector('english', s.content), 'D') \
from unnest($2::text[], $3::int[], $4::text[], $5::text[], $6::text[], $7::bytea[]) \
     s (id, position, title, path, content, hash) \
order by s.id \
on conflict (id) do update \
set file = excluded.file, position = excluded.position, title = excluded.title, \
    heading_path = excluded.heading_path, content = excluded.content, content_hash = excluded.content_hash, \
    words = excluded.words, updated_at = now() \
where knowledge_base.content_hash <> excluded.content_hash";

pub async fn ingest(pool: Pool, file: String, sections: Vec<Section>) -> Result<Ingested, CrmError> {
    let ids: Vec<&str> = sections.iter().map(|section| section.id.as_str()).collect();
    let positions: Vec<i32> = sections.iter().map(|section| section.position).collect();
    let titles: Vec<&str> = sections.iter().map(|section| section.title.as_str()).collect();
    let paths: Vec<String> = sections.iter().map(|section| section.heading_path.join(" > ")).collect();
    let texts: Vec<&str> = sections.iter().map(|section| section.text.as_str()).collect();
    let hashes: Vec<Vec<u8>> = sections.iter().map(content_hash).collect();

    let mut client = pool.get().await?;
    let transaction = client.transaction().await?;
    transaction.execute("select pg_advisory_xact_lock($1)", &[&INGEST_LOCK]).await?;
    let written =
        transaction.execute(WRITE, &[&file, &ids, &positions, &titles, &paths, &texts, &hashes]).await?;
    let removed = transaction
        .execute("delete from knowledge_base where file = $1 and id <> all ($2)", &[&file, &ids])
        .await?;
    transaction.commit().await?;
    let total = u64::try_from(sections.len()).unwrap_or(u64::MAX);
    Ok(Ingested { written, unchanged: total.saturating_sub(written), removed })
}

/// Changes whenever anything of a section changes, its place included.
fn content_hash(section: &Section) -> Vec<u8> {
    let mut digest = Sha256::new();
    for part in [&section.title, &section.heading_path.join("\u{1f}"), &section.text] {
        digest.update(part.len().to_le_bytes());
        digest.update(part.as_bytes());
    }
    digest.update(section.position.to_le_bytes());
    digest.finalize().to_vec()
}
