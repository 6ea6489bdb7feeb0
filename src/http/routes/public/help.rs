//! Handlers of the help centre: the public documents as articles, and their search.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};

use crate::actors::messages::SearchHelp;
use crate::channels::web_form;
use crate::domain::knowledge::Audience;
use crate::domain::validation::FieldError;
use crate::http::api::help::{
    HelpArticle, HelpArticleLine, HelpArticles, HelpOpinion, HelpResult, HelpResults,
};
use crate::http::server::ask::{ask_actor, call};
use crate::http::server::body;
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::problem::Problem;
use crate::http::server::query::{Pairs, Parameters, list_limit};
use crate::http::server::rate_limits::admit_opinion;
use crate::http::server::state::Shared;

/// Results of a search.
const MAX_RESULTS: i64 = 3;
/// Articles of a page, unless the request says otherwise.
const DEFAULT_LIMIT: u8 = 50;
/// Maximum length of a cursor: an article's id.
const CURSOR_MAX_CHARS: usize = 1_000;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(Access::Public, __path_get_help_search, get_help_search),
        Endpoint::new(Access::Public, __path_get_help_articles, get_help_articles),
        Endpoint::new(Access::Public, __path_get_help_article, get_help_article),
        Endpoint::new(Access::Public, __path_post_help_opinion, post_help_opinion),
    ]
}

/// Searches the help centre.
#[utoipa::path(
    get,
    path = "/help/search",
    params(("q" = String, Query, min_length = 2, max_length = 200,
        pattern = "^[^\\u0000]*[^\\s\\u0000][^\\u0000]*[^\\s\\u0000][^\\u0000]*$", description = "The question, or some words of it")),
    responses((status = 200, description = "The relevant articles, at most three.", body = HelpResults)),
)]
async fn get_help_search(query: Pairs, shared: Data<Shared>) -> Result<HttpResponse, Problem> {
    let query = search_words(&query).map_err(Problem::invalid)?;
    let search =
        |reply| SearchHelp { query: query.clone(), limit: MAX_RESULTS, audience: Audience::Customers, reply };
    let findings = ask_actor(&shared.wires.search_help, search).await?;
    let results = findings.into_relevant().map(HelpResult::from).collect();
    Ok(HttpResponse::Ok().json(HelpResults { query, results }))
}

fn search_words(query: &[(String, String)]) -> Result<String, Vec<FieldError>> {
    let mut parameters = Parameters::new(query);
    let words = parameters.required("q", |value| {
        let words = value.trim();
        let fits = (2..=200).contains(&words.chars().count()) && !words.contains('\0');
        if fits { Ok(words.to_owned()) } else { Err(FieldError::new("q", "must have 2 to 200 characters")) }
    });
    parameters.finish(&["q"])?;
    Ok(words.unwrap_or_default())
}

/// Lists the articles, in the order of the documents.
#[utoipa::path(
    get,
    path = "/help/articles",
    params(
        ("limit" = Option<u8>, Query, minimum = 1, maximum = 100, description = "Articles on the page; 50 unless given"),
        ("cursor" = Option<String>, Query, min_length = 1, max_length = 1_000, pattern = "^[^\\u0000]*$",
            description = "The `next_cursor` of the page before"),
    ),
    responses((status = 200, description = "A page of the list.", body = HelpArticles)),
)]
async fn get_help_articles(query: Pairs, shared: Data<Shared>) -> Result<HttpResponse, Problem> {
    let (limit, cursor) = list_request(&query).map_err(Problem::invalid)?;
    let asked = i64::from(limit) + 1;
    let mut lines = call(&shared.wires.knowledge, move |knowledge| knowledge.articles(cursor, asked)).await?;
    let has_more = lines.len() > usize::from(limit);
    lines.truncate(usize::from(limit));
    let next_cursor = lines.last().filter(|_| has_more).map(|line| line.id.clone());
    let items = lines.into_iter().map(HelpArticleLine::from).collect();
    Ok(HttpResponse::Ok().json(HelpArticles { items, next_cursor }))
}

fn list_request(query: &[(String, String)]) -> Result<(u8, Option<String>), Vec<FieldError>> {
    let mut parameters = Parameters::new(query);
    let limit = parameters.optional("limit", list_limit);
    let cursor = parameters.optional("cursor", |value| {
        let fits = (1..=CURSOR_MAX_CHARS).contains(&value.chars().count()) && !value.contains('\0');
        if fits { Ok(value.to_owned()) } else { Err(FieldError::new("cursor", "is no cursor of this list")) }
    });
    parameters.finish(&["limit", "cursor"])?;
    Ok((limit.unwrap_or(DEFAULT_LIMIT), cursor))
}

/// Shows an article.
#[utoipa::path(
    get,
    path = "/help/articles/{id}",
    params(("id" = String, Path, description = "The article's id, with `#` as `%23`")),
    responses(
        (status = 200, description = "The article.", body = HelpArticle),
        (status = 404, description = "There is no such article."),
    ),
)]
async fn get_help_article(id: Path<String>, shared: Data<Shared>) -> Result<HttpResponse, Problem> {
    let id = id.into_inner();
    if id.contains('\0') {
        return Err(no_article());
    }
    let article = call(&shared.wires.knowledge, move |knowledge| knowledge.article(id)).await?;
    Ok(HttpResponse::Ok().json(HelpArticle::from(article.ok_or_else(no_article)?)))
}

/// Tells whether an article was helpful.
///
/// The answers are counted; nothing about the reader is stored.
#[utoipa::path(
    post,
    path = "/help/articles/{id}/helpful",
    request_body = HelpOpinion,
    params(("id" = String, Path, description = "The article's id, with `#` as `%23`")),
    responses(
        (status = 204, description = "The answer is counted."),
        (status = 404, description = "There is no such article."),
        (status = 429, description = "Too many answers from this address; see `Retry-After`."),
    ),
)]
async fn post_help_opinion(
    request: HttpRequest,
    id: Path<String>,
    body: Payload,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    admit_opinion(shared.rates.as_ref(), shared.trusted_proxies.client(&request))?;
    let id = id.into_inner();
    let body = body::read_json(&request, body, &shared).await?;
    let helpful = web_form::helpful(&body)?;
    if id.contains('\0')
        || !call(&shared.wires.knowledge, move |knowledge| knowledge.vote(id, helpful)).await?
    {
        return Err(no_article());
    }
    Ok(HttpResponse::NoContent().finish())
}

fn no_article() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "There is no such article.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::server::query::testing::{fields, pairs};

    #[test]
    fn a_search_has_two_to_two_hundred_characters() {
        assert_eq!(search_words(&pairs("q=+ab+")), Ok("ab".to_owned()));
        let long = format!("q={}", "x".repeat(201));
        for query in ["", "q=", "q=a", "q=ab&q=cd", "q=+a+", &long] {
            assert_eq!(fields(search_words(&pairs(query))), ["q"], "{query}");
        }
        assert_eq!(fields(search_words(&pairs("q=ab&page=2"))), ["page"]);
    }

    #[test]
    fn a_list_has_a_limit_and_a_cursor() {
        assert_eq!(list_request(&pairs("")), Ok((50, None)));
        assert_eq!(list_request(&pairs("limit=1&cursor=a.md%23b")), Ok((1, Some("a.md#b".to_owned()))));
        for query in ["limit=0", "limit=101", "limit=x", "limit=1&limit=2"] {
            assert_eq!(fields(list_request(&pairs(query))), ["limit"], "{query}");
        }
    }
}
