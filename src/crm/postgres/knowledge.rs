//! Reading the knowledge: hybrid search (the best sections for a question, and whether the best of them is good enough),
//! and the public sections as articles of the help centre.

use deadpool_postgres::{Pool, Transaction};
use pgvector::Vector;
use tokio_postgres::{GenericClient, Row, Statement};

use super::PgStore;
use crate::crm::port::{CrmError, Knowledge, StoreFuture};
use crate::domain::background::{OWN_TRADE_NEARNESS, OWN_TRADE_SHARE};
use crate::domain::knowledge::{
    ArticleLine, ArticleView, Audience, Dimensions, Findings, Passage, Question, SearchMode,
};
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

/// An id is the file's name and its heading's slug, so that `after` also has a place if it is gone.
const ARTICLES: &str = "\
select k.id, k.title, k.heading_path from knowledge_base k \
where not k.internal \
  and ($1::text is null or (k.file, k.position) > ( \
      split_part($1, '#', 1), \
      coalesce((select a.position from knowledge_base a where a.id = $1), -1))) \
order by k.file, k.position limit $2";

const ARTICLE: &str = "\
select id, title, heading_path, content, html, updated_at from knowledge_base where id = $1 and not internal";

const VOTE: &str = "\
insert into help_votes (article_id, helpful) \
select k.id, $2 from knowledge_base k where k.id = $1 and not k.internal \
on conflict (article_id, day, helpful) do update set votes = help_votes.votes + 1";

impl Knowledge for PgStore {
    fn search(
        &self,
        question: Question,
        limit: i64,
        audience: Audience,
    ) -> StoreFuture<Result<Findings, CrmError>> {
        Box::pin(search(self.pools.search.clone(), question, limit, audience))
    }

    fn articles(&self, after: Option<String>, limit: i64) -> StoreFuture<Result<Vec<ArticleLine>, CrmError>> {
        Box::pin(articles(self.pools.general.clone(), after, limit))
    }

    fn vote(&self, id: String, helpful: bool) -> StoreFuture<Result<bool, CrmError>> {
        Box::pin(vote(self.pools.general.clone(), id, helpful))
    }

    fn article(&self, id: String) -> StoreFuture<Result<Option<ArticleView>, CrmError>> {
        Box::pin(article(self.pools.general.clone(), id))
    }
}

async fn articles(pool: Pool, after: Option<String>, limit: i64) -> Result<Vec<ArticleLine>, CrmError> {
    let client = pool.get().await?;
    let statement = client.prepare_cached(ARTICLES).await?;
    let rows = client.query(&statement, &[&after, &limit]).await?;
    rows.iter().map(article_line).collect()
}

async fn article(pool: Pool, id: String) -> Result<Option<ArticleView>, CrmError> {
    let client = pool.get().await?;
    let statement = client.prepare_cached(ARTICLE).await?;
    let row = client.query_opt(&statement, &[&id]).await?;
    row.map(|row| {
        Ok(ArticleView {
            line: article_line(&row)?,
            text: row.try_get("content")?,
            html: row.try_get("html")?,
            updated_at: row.try_get("updated_at")?,
        })
    })
    .transpose()
}

async fn vote(pool: Pool, id: String, helpful: bool) -> Result<bool, CrmError> {
    let client = pool.get().await?;
    let statement = client.prepare_cached(VOTE).await?;
    Ok(client.execute(&statement, &[&id, &helpful]).await? > 0)
}

fn article_line(row: &Row) -> Result<ArticleLine, CrmError> {
    Ok(ArticleLine {
        id: row.try_get("id")?,
        title: row.try_get("title")?,
        section: row.try_get("heading_path")?,
    })
}

async fn search(
    pool: Pool,
    question: Question,
    limit: i64,
    audience: Audience,
) -> Result<Findings, CrmError> {
    let client = pool.get().await?;
    let (sql, asked) = prepared(question);
    let statement = client.prepare_cached(sql).await?;
    asked.search(&**client, &statement, limit, audience).await
}

/// The same within a transaction, which sees what it has changed itself.
pub(super) async fn search_in(
    transaction: &Transaction<'_>,
    question: Question,
    limit: i64,
    audience: Audience,
) -> Result<Findings, CrmError> {
    let (sql, asked) = prepared(question);
    let statement = transaction.prepare_cached(sql).await?;
    asked.search(&**transaction, &statement, limit, audience).await
}

/// The parameters of a search.
struct SearchInput {
    text: String,
    vector: Option<Vector>,
    model: Option<String>,
}

fn prepared(question: Question) -> (&'static str, SearchInput) {
    let Question { text, vector } = question;
    let Some(vector) = vector else {
        return (IN_384, SearchInput { text, vector: None, model: None });
    };
    let sql = match vector.model.dimensions {
        Dimensions::D384 => IN_384,
        Dimensions::D1536 => IN_1536,
    };
    let (vector, model) = (Some(Vector::from(vector.values)), Some(vector.model.name));
    (sql, SearchInput { text, vector, model })
}

impl SearchInput {
    async fn search(
        self,
        client: &impl GenericClient,
        statement: &Statement,
        limit: i64,
        audience: Audience,
    ) -> Result<Findings, CrmError> {
        let Self { text, vector, model } = self;
        let with_internal = match audience {
            Audience::Customers => false,
            Audience::Staff => true,
        };
        let (nearness, share) = (OWN_TRADE_NEARNESS, OWN_TRADE_SHARE);
        let rows = client
            .query(statement, &[&text, &vector, &model, &limit, &nearness, &share, &with_internal])
            .await?;
        findings(&text, &rows)
    }
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
