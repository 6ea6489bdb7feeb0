//! Articles for staff, with their history, and the vectors that sections lack.

use deadpool_postgres::Pool;
use tokio_postgres::Row;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::super::PgStore;
use super::super::library::Library;
use super::super::rows::word;
use crate::crm::port::{Articles, CrmError, StoreFuture};
use crate::domain::console::detail::PersonRef;
use crate::domain::ids::ProposalId;
use crate::domain::knowledge::EmbeddingModel;
use crate::domain::learning::articles::{ArticleRevision, StaffArticleLine, StaffArticleView};

const LIST: &str = "\
select k.id, k.title, k.heading_path, k.internal, k.updated_at, \
       exists (select from knowledge_articles a where a.id = k.id) as approved \
from knowledge_base k \
where $1::text is null or (k.file, k.position, k.id) > ( \
      split_part($1, '#', 1), \
      coalesce((select a.position from knowledge_base a where a.id = $1), -1), $1) \
order by k.file, k.position, k.id limit $2";
const ARTICLE: &str = "\
select k.id, k.title, k.heading_path, k.internal, k.updated_at, a.id is not null as approved, k.content, \
       coalesce(a.body, k.content) as body, k.html \
from knowledge_base k left join knowledge_articles a on a.id = k.id where k.id = $1";
const REVISIONS: &str = "\
select r.number, r.op, r.title, r.body, r.proposal_id, person(r.approved_by) as approved_by, r.created_at \
from knowledge_revisions r where r.article_id = $1 and ($2::int is null or r.number < $2) \
order by r.number desc limit $3";

impl Articles for PgStore {
    fn staff_articles(
        &self,
        after: Option<String>,
        limit: i64,
    ) -> StoreFuture<Result<Vec<StaffArticleLine>, CrmError>> {
        Box::pin(list(self.pools.general.clone(), after, limit))
    }

    fn staff_article(&self, id: String) -> StoreFuture<Result<Option<StaffArticleView>, CrmError>> {
        Box::pin(article(self.pools.general.clone(), id))
    }

    fn article_revisions(
        &self,
        id: String,
        before: Option<i32>,
        limit: i64,
    ) -> StoreFuture<Result<Vec<ArticleRevision>, CrmError>> {
        Box::pin(revisions(self.pools.general.clone(), id, before, limit))
    }

    fn unembedded_chunks(
        &self,
        model: EmbeddingModel,
        limit: i64,
    ) -> StoreFuture<Result<Vec<(i64, String)>, CrmError>> {
        Box::pin(unembedded(self.library(), model, limit))
    }

    fn keep_vectors(
        &self,
        model: EmbeddingModel,
        vectors: Vec<(i64, Vec<f32>)>,
    ) -> StoreFuture<Result<(), CrmError>> {
        Box::pin(keep_vectors(self.library(), model, vectors))
    }
}

async fn list(pool: Pool, after: Option<String>, limit: i64) -> Result<Vec<StaffArticleLine>, CrmError> {
    let client = pool.get().await?;
    client.query(LIST, &[&after, &limit]).await?.iter().map(line).collect()
}

async fn article(pool: Pool, id: String) -> Result<Option<StaffArticleView>, CrmError> {
    let client = pool.get().await?;
    let row = client.query_opt(ARTICLE, &[&id]).await?;
    row.map(|row| {
        Ok(StaffArticleView {
            line: line(&row)?,
            text: row.try_get("content")?,
            body: row.try_get("body")?,
            html: row.try_get("html")?,
        })
    })
    .transpose()
}

fn line(row: &Row) -> Result<StaffArticleLine, CrmError> {
    Ok(StaffArticleLine {
        id: row.try_get("id")?,
        title: row.try_get("title")?,
        section: row.try_get("heading_path")?,
        internal: row.try_get("internal")?,
        approved: row.try_get("approved")?,
        updated_at: row.try_get("updated_at")?,
    })
}

async fn revisions(
    pool: Pool,
    id: String,
    before: Option<i32>,
    limit: i64,
) -> Result<Vec<ArticleRevision>, CrmError> {
    let client = pool.get().await?;
    client.query(REVISIONS, &[&id, &before, &limit]).await?.iter().map(revision).collect()
}

fn revision(row: &Row) -> Result<ArticleRevision, CrmError> {
    Ok(ArticleRevision {
        number: row.try_get("number")?,
        op: word(row, "op")?,
        title: row.try_get("title")?,
        body: row.try_get("body")?,
        proposal: row.try_get::<_, Option<Uuid>>("proposal_id")?.map(ProposalId),
        approved_by: row.try_get::<_, Option<Json<PersonRef>>>("approved_by")?.map(|Json(person)| person),
        at: row.try_get("created_at")?,
    })
}

async fn unembedded(
    library: Library,
    model: EmbeddingModel,
    limit: i64,
) -> Result<Vec<(i64, String)>, CrmError> {
    let Some(index) = library.serving(&model).await? else {
        return Ok(Vec::new());
    };
    let chunks = library.chunks_without_vector(&index, 0, limit).await?;
    Ok(chunks.into_iter().map(|chunk| (chunk.id, chunk.text)).collect())
}

async fn keep_vectors(
    library: Library,
    model: EmbeddingModel,
    vectors: Vec<(i64, Vec<f32>)>,
) -> Result<(), CrmError> {
    let Some(index) = library.serving(&model).await? else {
        return Ok(());
    };
    if !vectors.is_empty() {
        library.store_vectors(&index, vectors).await?;
    }
    library.measure_lines(&index).await
}
