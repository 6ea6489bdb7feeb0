//! Handlers of articles for staff: every section, internal ones included, and the history of each.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use super::{cut, missing, page};
use crate::http::api::knowledge::{
    ArticleHistory, ArticleHistoryEntry, KnowledgeArticle, KnowledgeArticleLine, KnowledgeArticles,
};
use crate::http::server::ask::call;
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::principal::AccessScope;
use crate::http::server::problem::Problem;
use crate::http::server::query::{Pairs, Parameters};
use crate::http::server::state::Shared;

const READ: Access = Access::Scope(AccessScope::Read);
/// Maximum length of an article's id.
const ID_MAX_CHARS: usize = 1_000;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(READ, __path_get_articles, get_articles),
        Endpoint::new(READ, __path_get_article, get_article),
        Endpoint::new(READ, __path_get_revisions, get_revisions),
    ]
}

/// Lists the articles, those of files and approved ones, in the order of the documents.
#[utoipa::path(
    get,
    path = "/staff/knowledge/articles",
    params(
        ("limit" = Option<u8>, Query, minimum = 1, maximum = 100, description = "Articles on the page; 50 unless given"),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before"),
    ),
    responses((status = 200, description = "A page of the list.", body = KnowledgeArticles)),
)]
async fn get_articles(query: Pairs, shared: Data<Shared>) -> Result<HttpResponse, Problem> {
    let mut parameters = Parameters::new(&query);
    let (limit, after) = page(&mut parameters, id_of_article);
    parameters.finish(&["limit", "cursor"]).map_err(Problem::invalid)?;
    let asked = i64::from(limit) + 1;
    let found =
        call(&shared.wires.learning.articles, move |articles| articles.staff_articles(after, asked)).await?;
    let (found, next_cursor) = cut(found, limit, |last| last.id.clone());
    let items = found.into_iter().map(KnowledgeArticleLine::from).collect();
    Ok(HttpResponse::Ok().json(KnowledgeArticles { items, next_cursor }))
}

/// Shows an article.
#[utoipa::path(
    get,
    path = "/staff/knowledge/articles/{id}",
    params(("id" = String, Path, description = "The article's id, with `#` as `%23`")),
    responses(
        (status = 200, description = "The article.", body = KnowledgeArticle),
        (status = 404, description = "There is no such article."),
    ),
)]
async fn get_article(id: Path<String>, shared: Data<Shared>) -> Result<HttpResponse, Problem> {
    let id = id_of_article(&id).ok_or_else(no_article)?;
    let article = call(&shared.wires.learning.articles, move |articles| articles.staff_article(id)).await?;
    Ok(HttpResponse::Ok().json(KnowledgeArticle::from(article.ok_or_else(no_article)?)))
}

/// Lists the history of an article, newest first.
///
/// A deleted article keeps its history. What a revision says can be proposed again.
#[utoipa::path(
    get,
    path = "/staff/knowledge/articles/{id}/revisions",
    params(
        ("id" = String, Path, description = "The article's id, with `#` as `%23`"),
        ("limit" = Option<u8>, Query, minimum = 1, maximum = 100, description = "Revisions on the page; 50 unless given"),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "A page of the history.", body = ArticleHistory),
        (status = 404, description = "There is no such article, and there was none."),
    ),
)]
async fn get_revisions(
    id: Path<String>,
    query: Pairs,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    let id = id_of_article(&id).ok_or_else(no_article)?;
    let mut parameters = Parameters::new(&query);
    let (limit, before) = page(&mut parameters, |value| value.parse::<i32>().ok());
    parameters.finish(&["limit", "cursor"]).map_err(Problem::invalid)?;
    let (named, asked) = (id.clone(), i64::from(limit) + 1);
    let articles = &shared.wires.learning.articles;
    let found = call(articles, move |articles| articles.article_revisions(named, before, asked)).await?;
    if found.is_empty() && call(articles, move |articles| articles.staff_article(id)).await?.is_none() {
        return Err(no_article());
    }
    let (found, next_cursor) = cut(found, limit, |last| last.number.to_string());
    let items = found.into_iter().map(ArticleHistoryEntry::from).collect();
    Ok(HttpResponse::Ok().json(ArticleHistory { items, next_cursor }))
}

fn id_of_article(text: &str) -> Option<String> {
    let fits = (1..=ID_MAX_CHARS).contains(&text.chars().count()) && !text.contains('\0');
    fits.then(|| text.to_owned())
}

fn no_article() -> Problem {
    missing("There is no such article.")
}
