//! Handlers of quality reviews: random replies to review, scorecards, and their results.

use actix_web::web::{Data, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::Value;
use time::Date;

use super::action_forms::id;
use super::perform::{ActionRequest, incomplete};
use super::reports::{Format, finish, format, range, report_request, table};
use crate::channels::fields::{FieldMessage, FormFields, number, text, word};
use crate::clock;
use crate::domain::console::actions::StaffCommand;
use crate::domain::enums::ReplyAuthor;
use crate::domain::ids::{MessageId, ReviewId, StaffId};
use crate::domain::quality::{
    MAX_SAMPLE, MAX_SAMPLE_DAYS, MAX_SCORE, ReviewsRequest, SAMPLE_DAYS, SampleRequest, Scorecard, Scores,
};
use crate::domain::validation::{FieldError, InvalidForm};
use crate::http::api::quality::{
    QualityDocument, ReplySample, ReplyToReview, Review, ReviewList, ReviewRequest,
};
use crate::http::api::report_tables;
use crate::http::routes::path_id;
use crate::http::server::ask::call;
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::principal::{AccessScope, Principal};
use crate::http::server::problem::Problem;
use crate::http::server::query::{Pairs, Parameters, list_limit};
use crate::http::server::state::Shared;

const READ: Access = Access::Scope(AccessScope::Read);
const STAFF: Access = Access::Scope(AccessScope::Staff);
/// Replies of a sample, unless the request says otherwise.
const USUAL_SAMPLE: u8 = 5;
/// Scorecards of a page, unless the request says otherwise.
const DEFAULT_LIMIT: u8 = 50;
/// Scorecards of a table.
const TABLE_LIMIT: i64 = 5_000;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(READ, __path_get_quality, get_quality),
        Endpoint::new(READ, __path_get_quality_sample, get_quality_sample),
        Endpoint::new(READ, __path_get_quality_reviews, get_quality_reviews),
        Endpoint::new(STAFF, __path_post_quality_review, post_quality_review),
    ]
}

/// Compares the scorecards of the bot's replies with those of staff, by week.
///
/// The replies are those that were written in the range. With `format=csv`, or an `Accept` header that asks for
/// `text/csv`, the answer is a table.
#[utoipa::path(
    get,
    path = "/staff/quality",
    params(
        ("from" = Option<String>, Query, format = Date, example = "2026-11-24", description = "As in the report"),
        ("to" = Option<String>, Query, format = Date, example = "2026-11-30", description = "As in the report"),
        ("format" = Option<String>, Query, pattern = "^(json|csv)$", description = "json or csv; else the `Accept` header decides"),
    ),
    responses((status = 200, description = "The results.", content(
        (QualityDocument = "application/json"),
        (String = "text/csv"),
    ))),
)]
async fn get_quality(
    request: HttpRequest,
    query: Pairs,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    let (range, format) = report_request(&query, clock::now().date()).map_err(Problem::invalid)?;
    let report = call(&shared.wires.quality, move |quality| quality.results(range)).await?;
    if format.unwrap_or_else(|| Format::accepted(&request)).is_csv() {
        return Ok(table("quality", range, report_tables::quality(&report)));
    }
    Ok(HttpResponse::Ok().json(QualityDocument::from(report)))
}

/// Draws random replies that customers got, that no one has reviewed, and that are not the account's own.
///
/// Without `author`, replies of the bot and of staff are drawn alike, however many each has written.
#[utoipa::path(
    get,
    path = "/staff/quality/sample",
    params(
        ("days" = Option<i32>, Query, minimum = 1, maximum = 90, description = "How far it goes back; 14 unless given"),
        ("author" = Option<ReplyAuthor>, Query, description = "Only replies of the bot, or of staff"),
        ("limit" = Option<u8>, Query, minimum = 1, maximum = 20, description = "Replies; 5 unless given"),
    ),
    responses((status = 200, description = "The replies.", body = ReplySample)),
)]
async fn get_quality_sample(
    principal: ReqData<Principal>,
    query: Pairs,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    let request = sample_request(&query, principal.id).map_err(Problem::invalid)?;
    let found = call(&shared.wires.quality, move |quality| quality.sample(request)).await?;
    Ok(HttpResponse::Ok().json(ReplySample { items: found.into_iter().map(ReplyToReview::from).collect() }))
}

/// Lists scorecards, newest first.
///
/// The replies are those that were written in the range. With `format=csv`, or an `Accept` header that asks for
/// `text/csv`, the answer is a table of the newest 5,000.
#[utoipa::path(
    get,
    path = "/staff/quality/reviews",
    params(
        ("from" = Option<String>, Query, format = Date, example = "2026-11-24", description = "As in the report"),
        ("to" = Option<String>, Query, format = Date, example = "2026-11-30", description = "As in the report"),
        ("author" = Option<ReplyAuthor>, Query, description = "Only of replies of the bot, or of staff"),
        ("format" = Option<String>, Query, pattern = "^(json|csv)$", description = "json or csv; else the `Accept` header decides"),
        ("limit" = Option<u8>, Query, minimum = 1, maximum = 100, description = "Scorecards on the page; 50 unless given"),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before"),
    ),
    responses((status = 200, description = "A page of the scorecards.", content(
        (ReviewList = "application/json"),
        (String = "text/csv"),
    ))),
)]
async fn get_quality_reviews(
    request: HttpRequest,
    query: Pairs,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    let accepted = Format::accepted(&request);
    let (asked, format) = reviews_request(&query, accepted, clock::now().date()).map_err(Problem::invalid)?;
    let ReviewsRequest { range, limit, .. } = asked;
    // One more than the page has says whether there is another page.
    let more = ReviewsRequest { limit: limit + 1, ..asked };
    let mut found = call(&shared.wires.quality, move |quality| quality.reviews(more)).await?;
    let length = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = found.len() > length;
    found.truncate(length);
    if format.is_csv() {
        return Ok(table("reviews", range, report_tables::reviews(&found)));
    }
    let next_cursor = found.last().filter(|_| has_more).map(|last| last.id.to_string());
    let items = found.into_iter().map(Review::from).collect();
    Ok(HttpResponse::Ok().json(ReviewList { items, next_cursor }))
}

/// Stores a scorecard of a reply, in place of the one that the account gave before.
#[utoipa::path(
    post,
    path = "/staff/quality/reviews",
    request_body = ReviewRequest,
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters", max_length = 255)),
    responses(
        (status = 201, description = "The scorecard.", body = Review),
        (status = 404, description = "There is no such reply that a customer got."),
        (status = 409, description = "It is the account's own reply (`own_reply`)."),
    ),
)]
async fn post_quality_review(asked: ActionRequest) -> Result<HttpResponse, Problem> {
    let scorecard = scorecard(&asked.body, clock::new_v7().into())?;
    let outcome = asked.perform(StaffCommand::ReviewReply(Box::new(scorecard)), "message_id").await?;
    let id = outcome.review_id.ok_or_else(incomplete)?;
    let found = call(&asked.shared.wires.quality, move |quality| quality.review(id)).await?;
    Ok(HttpResponse::Created().json(Review::from(found.ok_or_else(incomplete)?)))
}

fn sample_request(query: &[(String, String)], reviewer: StaffId) -> Result<SampleRequest, Vec<FieldError>> {
    let mut parameters = Parameters::new(query);
    let days = parameters.optional("days", |value| {
        let days = value.parse().ok().filter(|days| (1..=MAX_SAMPLE_DAYS).contains(days));
        days.ok_or_else(|| {
            FieldError::new("days", format!("must be a whole number from 1 to {MAX_SAMPLE_DAYS}"))
        })
    });
    let author = author(&mut parameters);
    let limit = parameters.optional("limit", |value| {
        let limit = value.parse().ok().filter(|limit| (1..=MAX_SAMPLE).contains(limit));
        limit
            .ok_or_else(|| FieldError::new("limit", format!("must be a whole number from 1 to {MAX_SAMPLE}")))
    });
    parameters.finish(&["days", "author", "limit"])?;
    let (days, limit) = (days.unwrap_or(SAMPLE_DAYS), limit.unwrap_or(USUAL_SAMPLE));
    Ok(SampleRequest { reviewer, days, author, limit })
}

fn author(parameters: &mut Parameters<'_>) -> Option<ReplyAuthor> {
    parameters.optional("author", |value| word(value).map_err(|message| FieldError::new("author", message)))
}

fn reviews_request(
    query: &[(String, String)],
    accepted: Format,
    today: Date,
) -> Result<(ReviewsRequest, Format), Vec<FieldError>> {
    let mut parameters = Parameters::new(query);
    let range = range(&mut parameters, today);
    let author = author(&mut parameters);
    let format = format(&mut parameters).unwrap_or(accepted);
    let usual = if format.is_csv() { TABLE_LIMIT } else { DEFAULT_LIMIT.into() };
    let limit = parameters.optional("limit", list_limit).map_or(usual, i64::from);
    let after = parameters.optional("cursor", |value| {
        let id = path_id::parse(value).map(ReviewId);
        id.ok_or_else(|| FieldError::new("cursor", "is no cursor of this list"))
    });
    let range = finish(parameters, range, &["from", "to", "author", "format", "limit", "cursor"])?;
    Ok((ReviewsRequest { range, author, limit, after }, format))
}

fn scorecard(body: &[u8], new: ReviewId) -> Result<Scorecard, InvalidForm> {
    let mut fields = FormFields::parse(body)?;
    let message = fields.required("message_id", id);
    let scores = Scores {
        grounded: fields.optional_value("grounded", score),
        complete: fields.optional_value("complete", score),
        tone: fields.optional_value("tone", score),
        policy: fields.optional_value("policy", score),
    };
    let comment = fields.optional_unless_blank("comment", |value| text(value, 1..=2_000));
    let message = fields.finish(message)?;
    if scores.is_empty() {
        let error = FieldError::new("grounded", "or another question must be answered");
        return Err(InvalidForm::Invalid(vec![error]));
    }
    Ok(Scorecard { id: new, message: MessageId(message), scores, comment })
}

fn score(value: Value) -> Result<i16, FieldMessage> {
    let score = number(&value, 0..=MAX_SCORE.unsigned_abs().into())?;
    i16::try_from(score).map_err(|_| "is too large".into())
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::http::server::query::testing::{fields, pairs};

    const ID: &str = "11111111-1111-4111-8111-111111111111";
    const ME: StaffId = StaffId(uuid::Uuid::from_u128(7));

    #[test]
    fn a_scorecard_answers_at_least_one_question_from_0_to_2() {
        let read = |rest: &str| {
            let body = format!(r#"{{"message_id": "{ID}"{rest}}}"#);
            scorecard(body.as_bytes(), ReviewId(uuid::Uuid::nil()))
        };
        let scores = read(r#", "grounded": 2, "tone": 0, "policy": null, "comment": " ""#).unwrap();
        assert_eq!(scores.scores, Scores { grounded: Some(2), tone: Some(0), ..Scores::default() });
        assert_eq!(scores.comment, None);
        for rest in
            ["", r#", "grounded": 3"#, r#", "tone": -1"#, r#", "tone": 0.5"#, r#", "x": 1, "tone": 1"#]
        {
            assert!(matches!(read(rest), Err(InvalidForm::Invalid(_))), "{rest}");
        }
    }

    #[test]
    fn samples_and_lists_are_bounded_and_name_every_wrong_parameter() {
        let request = sample_request(&pairs("days=30&author=bot"), ME).unwrap();
        let expected =
            SampleRequest { reviewer: ME, days: 30, author: Some(ReplyAuthor::Bot), limit: USUAL_SAMPLE };
        assert_eq!(request, expected);
        let wrong = sample_request(&pairs("days=91&author=ann&limit=21&x=1"), ME);
        assert_eq!(fields(wrong), ["days", "author", "limit", "x"]);
        let wrong = "from=x&author=x&format=x&limit=0&cursor=x";
        let wrong = reviews_request(&pairs(wrong), Format::Json, date!(2026 - 11 - 30));
        assert_eq!(fields(wrong), ["from", "author", "format", "limit", "cursor"]);
    }
}
