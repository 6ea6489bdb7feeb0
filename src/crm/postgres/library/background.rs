//! Background corpus in the database: its lines with their words and vectors, and how much the documents are about each.

use deadpool_postgres::Transaction;
use pgvector::Vector;

use super::{Library, VectorIndex};
use crate::crm::port::CrmError;
use crate::domain::background;
use crate::domain::knowledge::Dimensions;

const MEASURE: &str = include_str!("measure_lines.sql");

macro_rules! measure_vectors {
    ($table:literal) => {
        concat!(
            "update background_vectors b set nearness = (select max(1 - (n.embedding <=> b.embedding)) from (",
            "select v.embedding from ",
            $table,
            " v where v.index_id = $1 order by v.embedding <=> b.embedding limit 1) n) where b.index_id = $1"
        )
    };
}

const MEASURE_384: &str = measure_vectors!("knowledge_vectors_384");
const MEASURE_1536: &str = measure_vectors!("knowledge_vectors_1536");

/// A line that has no vector yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingLine {
    pub id: i32,
    pub text: String,
}

/// Writes the lines where they differ, and whether that was so.
pub(super) async fn write(transaction: &Transaction<'_>) -> Result<bool, CrmError> {
    let lines = background::lines();
    let gone = transaction
        .execute("delete from background_lines where content <> all ($1::text[])", &[&lines])
        .await?;
    let insert = "with line as (
                      insert into background_lines (content) select unnest($1::text[])
                      on conflict (content) do nothing returning id, content)
                  insert into background_postings (lexeme, line_id)
                  select w.lexeme, l.id from line l cross join lateral unnest(to_tsvector('english', l.content)) w";
    let new = transaction.execute(insert, &[&lines]).await?;
    Ok(gone + new > 0)
}

/// Notes the share of each line's words that one section holds.
pub(super) async fn measure_words(transaction: &Transaction<'_>) -> Result<(), CrmError> {
    Ok(transaction.batch_execute(MEASURE).await?)
}

impl Library {
    /// The lines of the background corpus that the index lacks.
    pub async fn lines_without_vector(&self, index: &VectorIndex) -> Result<Vec<PendingLine>, CrmError> {
        let client = self.pool.get().await?;
        let lacking = "select l.id, l.content from background_lines l
                        where not exists (select from background_vectors v where v.index_id = $1 and v.line_id = l.id)
                        order by l.id";
        let rows = client.query(lacking, &[&index.id]).await?;
        rows.iter()
            .map(|row| Ok(PendingLine { id: row.try_get("id")?, text: row.try_get("content")? }))
            .collect()
    }

    /// Keeps the vectors of lines; those of lines that are gone meanwhile are dropped.
    pub async fn store_line_vectors(
        &self,
        index: &VectorIndex,
        vectors: Vec<(i32, Vec<f32>)>,
    ) -> Result<(), CrmError> {
        let (lines, vectors): (Vec<i32>, Vec<Vector>) =
            vectors.into_iter().map(|(line, values)| (line, Vector::from(values))).unzip();
        let client = self.pool.get().await?;
        let store = "insert into background_vectors (index_id, line_id, embedding)
                     select $1, l.id, n.embedding from unnest($2::int[], $3::vector[]) n (id, embedding)
                     join background_lines l on l.id = n.id
                     on conflict do nothing";
        client.execute(store, &[&index.id, &lines, &vectors]).await?;
        Ok(())
    }

    /// Notes how near the documents are to each line, so that lines about the company's own trade do not compete.
    pub async fn measure_lines(&self, index: &VectorIndex) -> Result<(), CrmError> {
        let measure = match index.model.dimensions {
            Dimensions::D384 => MEASURE_384,
            Dimensions::D1536 => MEASURE_1536,
        };
        let client = self.pool.get().await?;
        client.execute(measure, &[&index.id]).await?;
        client.batch_execute("analyze background_vectors").await?;
        Ok(())
    }
}
