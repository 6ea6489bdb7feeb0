//! Approved articles beside the sections of files: an article overrides the section of its id, and ingesting the file
//! again does not undo that. What the file says meanwhile is remembered, and comes back with the deletion of the article.

use deadpool_postgres::Transaction;
use pgvector::Vector;
use serde::{Deserialize, Serialize};
use tokio_postgres::types::Json;

use super::{LOCK, TERMS, background, replace_sections};
use crate::crm::port::CrmError;
use crate::domain::knowledge::{Dimensions, Section, Visibility};
use crate::domain::learning::articles::{ArticleChange, ArticleSection, SectionVectors};

/// A section as its file has it.
#[derive(Debug, Serialize, Deserialize)]
struct FiledSection {
    title: String,
    heading_path: Vec<String>,
    text: String,
    html: String,
    chunks: Vec<String>,
    position: i32,
    internal: bool,
}

const FILED: &str = "\
select jsonb_build_object( \
    'title', b.title, 'heading_path', string_to_array(b.heading_path, ' > '), 'text', b.content, 'html', b.html, \
    'chunks', coalesce((select jsonb_agg(c.content order by c.position) from knowledge_chunks c \
                        where c.section_id = b.id), '[]'), \
    'position', b.position, 'internal', b.internal) \
from knowledge_base b where b.id = $1 and not exists (select from knowledge_articles a where a.id = b.id)";
const KEEP: &str = "\
insert into knowledge_articles (id, file, body, removed, file_section) values ($1, $2, $3, $3::text is null, $4) \
on conflict (id) do update set body = excluded.body, removed = excluded.removed, updated_at = now()";
/// A deletion of what is gone anyway is forgotten with it.
const FORGET_REMOVED: &str = "delete from knowledge_articles where removed and file = $1 and id <> all ($2)";
const FORGET_SECTIONS: &str = "\
update knowledge_articles set file_section = null \
where file_section is not null and file = $1 and id <> all ($2)";
const FORGET_REMOVED_FILES: &str = "\
delete from knowledge_articles a where a.removed and a.file <> all ($1) \
and ($2 or exists (select from knowledge_files f where f.name = a.file and f.root = any ($3)))";
const FORGET_FILES: &str = "\
update knowledge_articles a set file_section = null where a.file_section is not null and a.file <> all ($1) \
and ($2 or exists (select from knowledge_files f where f.name = a.file and f.root = any ($3)))";
/// Where an article stands, and for whom: as the section in its place, else behind the others of its file.
const PLACE: &str = "\
select coalesce( \
           (select b.position from knowledge_base b where b.id = $1), \
           (select (a.file_section ->> 'position')::int from knowledge_articles a where a.id = $1), \
           (select max(b.position) + 1 from knowledge_base b where b.file = $2), 0) as position, \
       coalesce( \
           (select b.internal from knowledge_base b where b.id = $1), \
           (select (a.file_section ->> 'internal')::boolean from knowledge_articles a where a.id = $1), \
           false) as internal";

macro_rules! store_vectors {
    ($table:literal) => {
        concat!(
            "insert into ",
            $table,
            " (index_id, chunk_id, embedding) select i.id, c.id, n.embedding \
             from unnest($3::int[], $4::vector[]) n (position, embedding) \
             join knowledge_chunks c on c.section_id = $1 and c.position = n.position \
             join embedding_indexes i on i.model = $2 and i.serving on conflict do nothing"
        )
    };
}

impl FiledSection {
    fn of(section: &Section, visibility: Visibility) -> Self {
        Self {
            title: section.title.clone(),
            heading_path: section.heading_path.clone(),
            text: section.text.clone(),
            html: section.html.clone(),
            chunks: section.chunks.clone(),
            position: section.position,
            internal: visibility == Visibility::Internal,
        }
    }
}

/// The sections of a file that no article overrides. What the file says of the others is remembered.
pub(super) async fn set_aside<'a>(
    transaction: &Transaction<'_>,
    file: &str,
    sections: &'a [Section],
    visibility: Visibility,
) -> Result<Vec<&'a Section>, CrmError> {
    let rows = transaction.query("select id from knowledge_articles where file = $1", &[&file]).await?;
    let overridden: Vec<String> = rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
    let mut free = Vec::with_capacity(sections.len());
    let mut said = Vec::new();
    for section in sections {
        if overridden.contains(&section.id) {
            let filed = Json(FiledSection::of(section, visibility));
            let remember = "update knowledge_articles set file_section = $2 where id = $1";
            transaction.execute(remember, &[&section.id, &filed]).await?;
            said.push(section.id.as_str());
        } else {
            free.push(section);
        }
    }
    let internal = visibility == Visibility::Internal;
    let hide = "update knowledge_base set internal = $2 where id = any ($1) and internal <> $2";
    transaction.execute(hide, &[&said, &internal]).await?;
    transaction.execute(FORGET_REMOVED, &[&file, &said]).await?;
    transaction.execute(FORGET_SECTIONS, &[&file, &said]).await?;
    Ok(free)
}

/// The files that are gone say nothing any more.
pub(super) async fn forget_files(
    transaction: &Transaction<'_>,
    kept: &[&str],
    every: bool,
    roots: &[&str],
) -> Result<(), CrmError> {
    transaction.execute(FORGET_REMOVED_FILES, &[&kept, &every, &roots]).await?;
    transaction.execute(FORGET_FILES, &[&kept, &every, &roots]).await?;
    Ok(())
}

/// Lets one transaction at a time change the knowledge.
pub(in crate::crm::postgres) async fn lock(transaction: &Transaction<'_>) -> Result<(), CrmError> {
    transaction.batch_execute("set local statement_timeout = '30s'").await?;
    transaction.execute("select pg_advisory_xact_lock($1)", &[&LOCK]).await?;
    Ok(())
}

/// Changes one article, and what searches derive from all of them. `body` is the Markdown of what is written. Returns
/// whether there was something to change.
pub(in crate::crm::postgres) async fn apply(
    transaction: &Transaction<'_>,
    change: &ArticleChange,
    body: &str,
) -> Result<bool, CrmError> {
    let is_changed = match change {
        ArticleChange::Write(article) => {
            put(transaction, article, body).await?;
            true
        }
        ArticleChange::Remove(id) => take_out(transaction, id).await?,
    };
    if is_changed {
        transaction.batch_execute(TERMS).await?;
        background::measure_words(transaction).await?;
    }
    Ok(is_changed)
}

async fn put(transaction: &Transaction<'_>, article: &ArticleSection, body: &str) -> Result<(), CrmError> {
    let ArticleSection { section, vectors } = article;
    let file = file_of(&section.id);
    let place = transaction.query_one(PLACE, &[&section.id, &file]).await?;
    let internal: bool = place.try_get("internal")?;
    let section = Section { position: place.try_get("position")?, ..section.clone() };
    keep(transaction, &section.id, Some(body)).await?;
    replace_sections(transaction, file, &[&section]).await?;
    show(transaction, &section, internal).await?;
    match vectors {
        Some(vectors) => store_vectors(transaction, &section.id, vectors).await,
        None => Ok(()),
    }
}

/// Removes an article: what its file says comes back. A section that nothing overrides is hidden.
async fn take_out(transaction: &Transaction<'_>, id: &str) -> Result<bool, CrmError> {
    let find = "select removed, file_section from knowledge_articles where id = $1";
    let Some(row) = transaction.query_opt(find, &[&id]).await? else {
        let exists = transaction.query_opt("select from knowledge_base where id = $1", &[&id]).await?;
        if exists.is_none() {
            return Ok(false);
        }
        keep(transaction, id, None).await?;
        transaction.execute("delete from knowledge_base where id = $1", &[&id]).await?;
        return Ok(true);
    };
    if row.try_get("removed")? {
        return Ok(false);
    }
    transaction.execute("delete from knowledge_articles where id = $1", &[&id]).await?;
    match row.try_get::<_, Option<Json<FiledSection>>>("file_section")? {
        Some(Json(filed)) => restore(transaction, id, filed).await?,
        None => {
            transaction.execute("delete from knowledge_base where id = $1", &[&id]).await?;
        }
    }
    Ok(true)
}

/// Keeps the article, and what the file says if nothing has overridden it yet.
async fn keep(transaction: &Transaction<'_>, id: &str, body: Option<&str>) -> Result<(), CrmError> {
    let filed: Option<Json<FiledSection>> =
        transaction.query_opt(FILED, &[&id]).await?.map(|row| row.try_get(0)).transpose()?;
    transaction.execute(KEEP, &[&id, &file_of(id), &body, &filed]).await?;
    Ok(())
}

async fn restore(transaction: &Transaction<'_>, id: &str, filed: FiledSection) -> Result<(), CrmError> {
    let FiledSection { title, heading_path, text, html, chunks, position, internal } = filed;
    let section = Section { id: id.to_owned(), title, heading_path, text, html, chunks, position };
    replace_sections(transaction, file_of(id), &[&section]).await?;
    show(transaction, &section, internal).await
}

async fn show(transaction: &Transaction<'_>, section: &Section, internal: bool) -> Result<(), CrmError> {
    let show = "update knowledge_base set html = $2, internal = $3 where id = $1";
    transaction.execute(show, &[&section.id, &section.html, &internal]).await?;
    Ok(())
}

/// Into the index that serves for the model, if there is one.
async fn store_vectors(
    transaction: &Transaction<'_>,
    id: &str,
    vectors: &SectionVectors,
) -> Result<(), CrmError> {
    let store = match vectors.model.dimensions {
        Dimensions::D384 => store_vectors!("knowledge_vectors_384"),
        Dimensions::D1536 => store_vectors!("knowledge_vectors_1536"),
    };
    let (positions, values): (Vec<i32>, Vec<Vector>) =
        (0..).zip(vectors.values.iter().cloned().map(Vector::from)).unzip();
    transaction.execute(store, &[&id, &vectors.model.name, &positions, &values]).await?;
    Ok(())
}

/// The file in an article's id.
fn file_of(id: &str) -> &str {
    id.split_once('#').map_or(id, |(file, _)| file)
}
