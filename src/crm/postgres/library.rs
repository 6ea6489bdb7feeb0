//! Writing the knowledge: sections with what is derived from them, and the indexes of vectors. What searches read is
//! replaced in one transaction; vectors are computed elsewhere, outside of any transaction.

use deadpool_postgres::{Pool, Transaction};
use sha2::{Digest, Sha256};

use super::PgStore;
use crate::crm::port::CrmError;
use crate::domain::knowledge::{Document, Ingested, Origin, Others, Section, Visibility};

mod background;
pub(in crate::crm::postgres) mod overrides;
mod vectors;

pub use background::PendingLine;
pub use vectors::{PendingChunk, VectorIndex};

/// One writer at a time: the key of the advisory lock under which the knowledge is changed.
const LOCK: i64 = 0x66_74_65_6b_62;

const WRITE: &str = include_str!("library/write_sections.sql");
const TERMS: &str = include_str!("library/write_terms.sql");

/// A file of the knowledge as it stands in the records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileSummary {
    pub name: String,
    /// Where it was read from.
    pub root: String,
    pub sections: u64,
}

/// The shelves of the knowledge; clones share their connections.
#[derive(Clone)]
pub struct Library {
    pool: Pool,
}

impl PgStore {
    pub fn library(&self) -> Library {
        Library { pool: self.pools.general.clone() }
    }
}

impl Library {
    /// Replaces the documents' sections, touching only what changed, and removes the documents that were read from
    /// the same roots before and are gone from there.
    pub async fn ingest(
        &self,
        origins: &[Origin],
        others: Others,
        visibility: Visibility,
    ) -> Result<Ingested, CrmError> {
        let mut client = self.pool.get().await?;
        let transaction = client.transaction().await?;
        transaction.batch_execute("set local statement_timeout = '120s'").await?;
        transaction.execute("select pg_advisory_xact_lock($1)", &[&LOCK]).await?;
        let mut total =
            Ingested { removed: remove_gone(&transaction, origins, others).await?, ..Ingested::default() };
        for origin in origins {
            for document in &origin.documents {
                let ingested = write(&transaction, &origin.root, document, visibility).await?;
                total.written += ingested.written;
                total.unchanged += ingested.unchanged;
                total.removed += ingested.removed;
                total.replaced.extend(ingested.replaced);
            }
        }
        let is_changed = total.written + total.removed > 0;
        if is_changed {
            transaction.batch_execute(TERMS).await?;
        }
        if background::write(&transaction).await? || is_changed {
            background::measure_words(&transaction).await?;
        }
        transaction.commit().await?;
        if is_changed {
            // Statements that were planned for smaller tables are planned anew.
            let tables = "analyze knowledge_base, knowledge_chunks, knowledge_postings, knowledge_terms, \
                          background_lines, background_postings";
            client.batch_execute(tables).await?;
        }
        Ok(total)
    }

    /// Every file, by name.
    pub async fn files(&self) -> Result<Vec<FileSummary>, CrmError> {
        let client = self.pool.get().await?;
        let rows = client
            .query(
                "select b.file as name, coalesce(max(f.root), '') as root, count(*) as sections
                   from knowledge_base b left join knowledge_files f on f.name = b.file
                  group by b.file order by b.file",
                &[],
            )
            .await?;
        rows.iter()
            .map(|row| {
                Ok(FileSummary {
                    name: row.try_get("name")?,
                    root: row.try_get("root")?,
                    sections: row.try_get::<_, i64>("sections")?.unsigned_abs(),
                })
            })
            .collect()
    }
}

async fn remove_gone(
    transaction: &Transaction<'_>,
    origins: &[Origin],
    others: Others,
) -> Result<u64, CrmError> {
    let documents = origins.iter().flat_map(|origin| &origin.documents);
    let kept: Vec<&str> = documents.map(|document| document.file.as_str()).collect();
    let roots: Vec<&str> = origins.iter().map(|origin| origin.root.as_str()).collect();
    let every = others == Others::Go;
    let gone = "delete from knowledge_base b
                 where b.file <> all ($1)
                   and ($2 or exists (select from knowledge_files f where f.name = b.file and f.root = any ($3)))
                   and not exists (select from knowledge_articles a where a.id = b.id)";
    let removed = transaction.execute(gone, &[&kept, &every, &roots]).await?;
    overrides::forget_files(transaction, &kept, every, &roots).await?;
    let gone = "delete from knowledge_files where name <> all ($1) and ($2 or root = any ($3))";
    transaction.execute(gone, &[&kept, &every, &roots]).await?;
    Ok(removed)
}

async fn write(
    transaction: &Transaction<'_>,
    root: &str,
    document: &Document,
    visibility: Visibility,
) -> Result<Ingested, CrmError> {
    let Document { file, sections } = document;
    let elsewhere = "select root from knowledge_files where name = $1 and root <> $2";
    let elsewhere = transaction.query_opt(elsewhere, &[file, &root]).await?;
    let replaced = elsewhere.map(|row| row.try_get(0).map(|root| (file.clone(), root))).transpose()?;
    let record = "insert into knowledge_files (name, root) values ($1, $2)
                  on conflict (name) do update set root = excluded.root, ingested_at = now()";
    transaction.execute(record, &[file, &root]).await?;
    let ids: Vec<&str> = sections.iter().map(|section| section.id.as_str()).collect();
    let gone = "delete from knowledge_base b where b.file = $1 and b.id <> all ($2)
                   and not exists (select from knowledge_articles a where a.id = b.id)";
    let removed = transaction.execute(gone, &[file, &ids]).await?;
    let free = overrides::set_aside(transaction, file, sections, visibility).await?;
    let changed = changed(transaction, &free).await?;
    if !changed.is_empty() {
        replace_sections(transaction, file, &changed).await?;
    }
    show(transaction, &free, visibility).await?;
    let written = count(changed.len());
    Ok(Ingested {
        written,
        unchanged: count(sections.len()).saturating_sub(written),
        removed,
        replaced: replaced.into_iter().collect(),
    })
}

/// How the sections look on pages, and whether they are for staff alone. Nothing is searched by either, so that a change
/// leaves the vectors as they are.
async fn show(
    transaction: &Transaction<'_>,
    sections: &[&Section],
    visibility: Visibility,
) -> Result<(), CrmError> {
    let ids: Vec<&str> = sections.iter().map(|section| section.id.as_str()).collect();
    let html: Vec<&str> = sections.iter().map(|section| section.html.as_str()).collect();
    let internal = match visibility {
        Visibility::Public => false,
        Visibility::Internal => true,
    };
    let update = "update knowledge_base b set html = s.html, internal = $3
                    from unnest($1::text[], $2::text[]) s (id, html)
                   where b.id = s.id and (b.html, b.internal) is distinct from (s.html, $3)";
    transaction.execute(update, &[&ids, &html, &internal]).await?;
    Ok(())
}

/// The sections that the records lack, or hold otherwise.
async fn changed<'a>(
    transaction: &Transaction<'_>,
    sections: &[&'a Section],
) -> Result<Vec<&'a Section>, CrmError> {
    let ids: Vec<&str> = sections.iter().map(|section| section.id.as_str()).collect();
    let rows =
        transaction.query("select id, content_hash from knowledge_base where id = any ($1)", &[&ids]).await?;
    let stands = |section: &Section| {
        rows.iter()
            .any(|row| row.get::<_, &str>(0) == section.id && row.get::<_, &[u8]>(1) == content_hash(section))
    };
    Ok(sections.iter().copied().filter(|section| !stands(section)).collect())
}

async fn replace_sections(
    transaction: &Transaction<'_>,
    file: &str,
    sections: &[&Section],
) -> Result<(), CrmError> {
    let ids: Vec<&str> = sections.iter().map(|section| section.id.as_str()).collect();
    let positions: Vec<i32> = sections.iter().map(|section| section.position).collect();
    let titles: Vec<&str> = sections.iter().map(|section| section.title.as_str()).collect();
    let paths: Vec<String> = sections.iter().map(|section| section.heading_path.join(" > ")).collect();
    let texts: Vec<&str> = sections.iter().map(|section| section.text.as_str()).collect();
    let hashes: Vec<Vec<u8>> = sections.iter().map(|section| content_hash(section)).collect();
    // What is derived from a section goes with it.
    transaction.execute("delete from knowledge_base where id = any ($1)", &[&ids]).await?;
    transaction.execute(WRITE, &[&file, &ids, &positions, &titles, &paths, &texts, &hashes]).await?;

    let chunks: Vec<(&str, i32, &str)> = sections
        .iter()
        .flat_map(|section| {
            let chunks = section.chunks.iter().zip(0..);
            chunks.map(|(chunk, position)| (section.id.as_str(), position, chunk.as_str()))
        })
        .collect();
    let ids: Vec<&str> = chunks.iter().map(|chunk| chunk.0).collect();
    let positions: Vec<i32> = chunks.iter().map(|chunk| chunk.1).collect();
    let texts: Vec<&str> = chunks.iter().map(|chunk| chunk.2).collect();
    let insert = "insert into knowledge_chunks (section_id, position, content)
                  select section_id, position, content
                    from unnest($1::text[], $2::int[], $3::text[]) c (section_id, position, content)";
    transaction.execute(insert, &[&ids, &positions, &texts]).await?;
    Ok(())
}

/// Changes whenever anything of a section changes, its place and how it is cut up included.
fn content_hash(section: &Section) -> Vec<u8> {
    let mut digest = Sha256::new();
    let parts = [&section.title, &section.heading_path.join("\u{1f}"), &section.text];
    for part in parts.into_iter().chain(&section.chunks) {
        digest.update(part.len().to_le_bytes());
        digest.update(part.as_bytes());
    }
    digest.update(section.position.to_le_bytes());
    digest.finalize().to_vec()
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
