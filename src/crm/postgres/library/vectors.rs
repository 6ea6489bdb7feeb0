//! The indexes of vectors: one that serves for each model, and beside it one that is being built. Searches use the one
//! that serves; it is replaced in one transaction when the new one holds every chunk.

use pgvector::Vector;
use tokio_postgres::Row;

use super::{LOCK, Library};
use crate::crm::port::CrmError;
use crate::domain::knowledge::{Dimensions, EmbeddingModel};

/// An index of vectors, and the state it was found in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VectorIndex {
    pub id: i32,
    pub model: EmbeddingModel,
    pub serving: bool,
}

/// A piece of a section that has no vector yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingChunk {
    pub id: i64,
    pub text: String,
}

/// How long a citation makes a section a common one.
const CITED_DAYS: i32 = 90;
/// Where documents call a section a common one themselves: in the name of the file, or in a heading.
const COMMON_HEADINGS: &str =
    "\\m(faqs?|frequently asked|getting started|get started|quick ?start|troubleshoot\\w*)\\M";

/// The statements of one table of vectors: PostgreSQL takes no table's name as a parameter.
struct Statements {
    count: &'static str,
    lacking: &'static str,
    common: &'static str,
    store: &'static str,
}

macro_rules! statements {
    ($table:literal) => {
        Statements {
            count: concat!(
                "select count(*) from knowledge_chunks c where not exists (select from ",
                $table,
                " v where v.index_id = $1 and v.chunk_id = c.id)"
            ),
            lacking: concat!(
                "select c.id, c.content from knowledge_chunks c where not exists (select from ",
                $table,
                " v where v.index_id = $1 and v.chunk_id = c.id) and c.id > $2 order by c.id limit $3"
            ),
            common: concat!(
                "with cited as ( \
                     select s.id, count(*) as citations \
                     from messages m cross join jsonb_to_recordset(m.sources) s (id text) \
                     where m.direction = 'outbound' and jsonb_typeof(m.sources) = 'array' \
                       and m.created_at > now() - make_interval(days => $3) \
                     group by s.id) \
                 select c.id, c.content from knowledge_chunks c \
                 join knowledge_base b on b.id = c.section_id left join cited on cited.id = b.id \
                 where not exists (select from ",
                $table,
                " v where v.index_id = $1 and v.chunk_id = c.id) \
                   and (cited.id is not null or b.title like '%?' \
                        or b.heading_path ~* $4 or translate(b.file, '-_/.', '    ') ~* $4) \
                 order by cited.citations desc nulls last, c.id limit $2"
            ),
            store: concat!(
                "insert into ",
                $table,
                " (index_id, chunk_id, embedding) select $1, c.id, n.embedding \
                 from unnest($2::bigint[], $3::vector[]) n (id, embedding) \
                 join knowledge_chunks c on c.id = n.id on conflict do nothing"
            ),
        }
    };
}

const OF_384: Statements = statements!("knowledge_vectors_384");
const OF_1536: Statements = statements!("knowledge_vectors_1536");

impl PendingChunk {
    fn read(row: &Row) -> Result<Self, CrmError> {
        Ok(Self { id: row.try_get("id")?, text: row.try_get("content")? })
    }
}

impl VectorIndex {
    fn statements(&self) -> &'static Statements {
        match self.model.dimensions {
            Dimensions::D384 => &OF_384,
            Dimensions::D1536 => &OF_1536,
        }
    }

    fn read(row: &Row, model: &EmbeddingModel) -> Result<Self, CrmError> {
        Ok(Self { id: row.try_get("id")?, model: model.clone(), serving: row.try_get("serving")? })
    }
}

impl Library {
    /// The index that serves for `model`, else the one that is being built, which is begun where there is none.
    pub async fn index(&self, model: &EmbeddingModel) -> Result<VectorIndex, CrmError> {
        match self.serving(model).await? {
            Some(index) => Ok(index),
            None => self.begin(model).await,
        }
    }

    /// The index that serves for `model`, if there is one.
    pub async fn serving(&self, model: &EmbeddingModel) -> Result<Option<VectorIndex>, CrmError> {
        Ok(self.indexes(model).await?.into_iter().find(|index| index.serving))
    }

    /// A new index of `model` that is to take the place of the one that serves; one that was begun earlier is begun
    /// again from nothing.
    pub async fn begin_anew(&self, model: &EmbeddingModel) -> Result<VectorIndex, CrmError> {
        let client = self.pool.get().await?;
        client
            .execute("delete from embedding_indexes where model = $1 and not serving", &[&model.name])
            .await?;
        drop(client);
        self.begin(model).await
    }

    async fn begin(&self, model: &EmbeddingModel) -> Result<VectorIndex, CrmError> {
        let client = self.pool.get().await?;
        let dimensions = i32::try_from(model.dimensions.count()).unwrap_or(i32::MAX);
        let begin = "insert into embedding_indexes (model, dimensions) values ($1, $2)
                     on conflict (model, serving) do update set dimensions = excluded.dimensions
                     returning id, serving";
        VectorIndex::read(&client.query_one(begin, &[&model.name, &dimensions]).await?, model)
    }

    async fn indexes(&self, model: &EmbeddingModel) -> Result<Vec<VectorIndex>, CrmError> {
        let client = self.pool.get().await?;
        let rows = client
            .query("select id, serving from embedding_indexes where model = $1", &[&model.name])
            .await?;
        rows.iter().map(|row| VectorIndex::read(row, model)).collect()
    }

    /// How many chunks the index lacks.
    pub async fn lacking(&self, index: &VectorIndex) -> Result<u64, CrmError> {
        let client = self.pool.get().await?;
        let row = client.query_one(index.statements().count, &[&index.id]).await?;
        Ok(row.try_get::<_, i64>(0)?.unsigned_abs())
    }

    /// The id of a random chunk. Processes that build the same index start at different chunks, so that they seldom
    /// embed the same one.
    pub async fn random_chunk(&self) -> Result<i64, CrmError> {
        let client = self.pool.get().await?;
        let random = "select coalesce(min(id) + floor(random() * (max(id) - min(id) + 1))::bigint, 0)
                        from knowledge_chunks";
        Ok(client.query_one(random, &[]).await?.try_get(0)?)
    }

    /// The first chunks that the index lacks among those whose id is above `after`.
    pub async fn chunks_without_vector(
        &self,
        index: &VectorIndex,
        after: i64,
        limit: i64,
    ) -> Result<Vec<PendingChunk>, CrmError> {
        let client = self.pool.get().await?;
        let rows = client.query(index.statements().lacking, &[&index.id, &after, &limit]).await?;
        rows.iter().map(PendingChunk::read).collect()
    }

    /// The chunks of common sections that the index lacks: those that replies of the last months cite, most cited first;
    /// then those that the documents themselves present as questions or as where to begin.
    pub async fn common_chunks_without_vector(
        &self,
        index: &VectorIndex,
        limit: i64,
    ) -> Result<Vec<PendingChunk>, CrmError> {
        let client = self.pool.get().await?;
        let rows = client
            .query(index.statements().common, &[&index.id, &limit, &CITED_DAYS, &COMMON_HEADINGS])
            .await?;
        rows.iter().map(PendingChunk::read).collect()
    }

    /// Keeps vectors; those of chunks that are gone meanwhile are dropped.
    pub async fn store_vectors(
        &self,
        index: &VectorIndex,
        vectors: Vec<(i64, Vec<f32>)>,
    ) -> Result<(), CrmError> {
        let (chunks, vectors): (Vec<i64>, Vec<Vector>) =
            vectors.into_iter().map(|(chunk, values)| (chunk, Vector::from(values))).unzip();
        let client = self.pool.get().await?;
        client.execute(index.statements().store, &[&index.id, &chunks, &vectors]).await?;
        Ok(())
    }

    /// Lets searches use the index from now on, in place of the one that served; refused while it lacks a chunk.
    pub async fn serve(&self, index: &VectorIndex) -> Result<bool, CrmError> {
        let mut client = self.pool.get().await?;
        let transaction = client.transaction().await?;
        transaction.execute("select pg_advisory_xact_lock($1)", &[&LOCK]).await?;
        let row = transaction.query_one(index.statements().count, &[&index.id]).await?;
        if row.try_get::<_, i64>(0)? > 0 {
            return Ok(false);
        }
        let old = "delete from embedding_indexes
                    where model = $1 and serving and id <> $2
                      and exists (select from embedding_indexes where id = $2)";
        transaction.execute(old, &[&index.model.name, &index.id]).await?;
        transaction
            .execute("update embedding_indexes set serving = true where id = $1", &[&index.id])
            .await?;
        transaction.commit().await?;
        client
            .batch_execute("analyze knowledge_vectors_384, knowledge_vectors_1536, embedding_indexes")
            .await?;
        Ok(true)
    }

    /// The models that have an index which serves, by name.
    pub async fn serving_models(&self) -> Result<Vec<String>, CrmError> {
        let client = self.pool.get().await?;
        let rows =
            client.query("select model from embedding_indexes where serving order by model", &[]).await?;
        rows.iter().map(|row| row.try_get(0).map_err(CrmError::from)).collect()
    }
}
