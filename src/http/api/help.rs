//! Data transfer objects of the help centre.

use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::domain::knowledge::{Article, ArticleLine, Passage};

/// What a search of the help centre has found.
#[derive(Debug, Serialize, ToSchema)]
pub struct HelpResults {
    pub query: String,
    /// At most three, best first; none where no article is relevant.
    #[schema(max_items = 3)]
    pub results: Vec<HelpResult>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct HelpResult {
    #[schema(example = "product-docs.md#passwords")]
    pub id: String,
    pub title: String,
    /// The headings above it and its own.
    #[schema(example = "TechCorp Platform > Account > Passwords")]
    pub section: String,
    pub snippet: String,
}

/// A page of the list of articles, in the order of the documents.
#[derive(Debug, Serialize, ToSchema)]
pub struct HelpArticles {
    pub items: Vec<HelpArticleLine>,
    /// The value of `cursor` for the next page; null on the last one.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct HelpArticleLine {
    pub id: String,
    pub title: String,
    /// The headings above it and its own.
    pub section: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct HelpArticle {
    pub id: String,
    pub title: String,
    pub section: String,
    /// As the agent reads it.
    pub text: String,
    /// The same as HTML, without scripts, styles and images.
    pub html: String,
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
}

/// A reader's opinion of an article. Unknown fields are refused.
#[derive(Debug, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HelpOpinion {
    pub helpful: bool,
}

/// Characters of a snippet.
const SNIPPET_CHARS: usize = 200;

impl From<Passage> for HelpResult {
    fn from(passage: Passage) -> Self {
        let Passage { id, title, section, text, .. } = passage;
        Self { id, title, section, snippet: snippet(&text) }
    }
}

/// The beginning of a text on one line, cut between words.
fn snippet(text: &str) -> String {
    let mut snippet = String::new();
    for word in text.split_whitespace() {
        if snippet.chars().count() + word.chars().count() >= SNIPPET_CHARS {
            snippet.push('…');
            break;
        }
        if !snippet.is_empty() {
            snippet.push(' ');
        }
        snippet.push_str(word);
    }
    snippet
}

impl From<ArticleLine> for HelpArticleLine {
    fn from(line: ArticleLine) -> Self {
        Self { id: line.id, title: line.title, section: line.section }
    }
}

impl From<Article> for HelpArticle {
    fn from(article: Article) -> Self {
        let Article { line: ArticleLine { id, title, section }, text, html, updated_at } = article;
        Self { id, title, section, text, html, updated_at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snippet_is_one_line_of_whole_words() {
        assert_eq!(snippet("Press\n- **Save**"), "Press - **Save**");
        let long = snippet(&"word ".repeat(100));
        assert!(long.ends_with("word…") && long.chars().count() <= SNIPPET_CHARS, "{long}");
    }
}
