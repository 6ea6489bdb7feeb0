//! What staff and machines may look up, with the token: conversations, customers, figures.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header;

use actix_web::web::{Data, Path, Query};
use prometheus::TextEncoder;
use serde::Serialize;

use super::Shared;
use super::asking::look_up;
use super::auth::Staff;
use super::problem::Problem;
use super::support::uuid;
use crate::actors::messages::Read;
use crate::channels::port::FieldError;
use crate::domain::contact::{Address, Email, Phone};
use crate::domain::enums::Channel;
use crate::domain::ids::AttachmentId;
use crate::domain::views::ChannelMetrics;

/// The window of the figures without `hours`.
const HOURS_DEFAULT: u32 = 24;
/// The longest window: a year of 365 days.
const MAX_HOURS: u32 = 8760;

/// A query's parameters in order; nothing is refused yet, repetitions included.
type Pairs = Query<Vec<(String, String)>>;

#[derive(Serialize)]
struct Figures {
    window_hours: u32,
    channels: PerChannel,
}

#[derive(Serialize)]
struct PerChannel {
    email: ChannelMetrics,
    whatsapp: ChannelMetrics,
    web_form: ChannelMetrics,
}

pub async fn conversation(_: Staff, id: Path<String>, shared: Data<Shared>) -> Result<HttpResponse, Problem> {
    let missing = || Problem::new(StatusCode::NOT_FOUND, "There is no such conversation.");
    let id = uuid(&id).ok_or_else(missing)?.into();
    let found = look_up(&shared, |reply| Read::Conversation(id, reply)).await?;
    Ok(HttpResponse::Ok().json(found.ok_or_else(missing)?))
}

/// A customer's file, to be saved and not shown: what it holds is theirs.
pub async fn attachment(_: Staff, id: Path<String>, shared: Data<Shared>) -> Result<HttpResponse, Problem> {
    let missing = || Problem::new(StatusCode::NOT_FOUND, "There is no such file.");
    let id = AttachmentId(uuid(&id).ok_or_else(missing)?);
    let found = look_up(&shared, |reply| Read::File(id, reply)).await?.ok_or_else(missing)?;
    let files = shared.files.as_ref().ok_or_else(missing)?;
    let bytes = files
        .get(found.sha256)
        .await
        .map_err(|error| Problem::internal(format!("could not read the file of attachment {id}: {error}")))?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, found.content_type))
        .insert_header((header::CONTENT_DISPOSITION, "attachment"))
        .body(bytes))
}

pub async fn customer(_: Staff, query: Pairs, shared: Data<Shared>) -> Result<HttpResponse, Problem> {
    let identifier = identifier(&query).map_err(Problem::invalid)?;
    let found = look_up(&shared, |reply| Read::Customer(identifier.clone(), reply)).await?;
    let missing = || Problem::new(StatusCode::NOT_FOUND, "No customer is known by that.");
    Ok(HttpResponse::Ok().json(found.ok_or_else(missing)?))
}

pub async fn channels(_: Staff, query: Pairs, shared: Data<Shared>) -> Result<HttpResponse, Problem> {
    let window_hours = hours(&query).map_err(Problem::invalid)?;
    let metrics = look_up(&shared, |reply| Read::ChannelMetrics(window_hours, reply)).await?;
    let of = |channel: Channel| {
        metrics.iter().find(|(other, _)| *other == channel).map(|(_, metrics)| *metrics).unwrap_or_default()
    };
    let channels = PerChannel {
        email: of(Channel::Email),
        whatsapp: of(Channel::Whatsapp),
        web_form: of(Channel::WebForm),
    };
    Ok(HttpResponse::Ok().json(Figures { window_hours, channels }))
}

/// Everything that the process counts, in Prometheus' text format 0.0.4.
pub async fn metrics(_: Staff) -> Result<HttpResponse, Problem> {
    let text = TextEncoder::new()
        .encode_to_string(&prometheus::gather())
        .map_err(|error| Problem::internal(error.to_string()))?;
    Ok(HttpResponse::Ok().content_type(prometheus::TEXT_FORMAT).body(text))
}

/// Exactly one of `email` and `phone`.
fn identifier(query: &[(String, String)]) -> Result<Address, Vec<FieldError>> {
    known(query, &["email", "phone"])?;
    let [(name, value)] = query else {
        let message = "exactly one of email and phone must be given";
        return Err(vec![FieldError::new("email", message), FieldError::new("phone", message)]);
    };
    let identifier = if name == "email" {
        Email::parse(value).map(Address::Email)
    } else {
        Phone::parse(&plus(value)).map(Address::Phone)
    };
    identifier.map_err(|error| vec![FieldError::new(name.clone(), error.to_string())])
}

/// An unescaped `+` at a query value's beginning arrives as a space; no number begins with one.
fn plus(phone: &str) -> String {
    match phone.strip_prefix(' ') {
        Some(digits) => format!("+{digits}"),
        None => phone.to_owned(),
    }
}

fn hours(query: &[(String, String)]) -> Result<u32, Vec<FieldError>> {
    known(query, &["hours"])?;
    let window = match query {
        [] => Some(HOURS_DEFAULT),
        [(_, hours)] => hours.parse().ok(),
        [_, _, ..] => None,
    };
    window.filter(|hours| (1..=MAX_HOURS).contains(hours)).ok_or_else(|| {
        let message = format!("must be one whole number from 1 to {MAX_HOURS}");
        vec![FieldError::new("hours", message)]
    })
}

fn known(query: &[(String, String)], names: &[&str]) -> Result<(), Vec<FieldError>> {
    let unknown: Vec<_> = query
        .iter()
        .filter(|(name, _)| !names.contains(&name.as_str()))
        .map(|(name, _)| FieldError::new(name.clone(), "is not a known parameter"))
        .collect();
    if unknown.is_empty() { Ok(()) } else { Err(unknown) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(query: &str) -> Vec<(String, String)> {
        Pairs::from_query(query).unwrap().into_inner()
    }

    fn fields<T: std::fmt::Debug>(read: Result<T, Vec<FieldError>>) -> Vec<String> {
        read.unwrap_err().into_iter().map(|error| error.field.into_owned()).collect()
    }

    #[test]
    fn a_customer_is_looked_up_by_one_identifier() {
        let ann = Address::Email(Email::parse("ann@example.com").unwrap());
        let phone = Address::Phone(Phone::parse("+4915112345678").unwrap());
        for (query, expected) in [
            ("email=Ann@example.com", &ann),
            ("email=ann%40example.com", &ann),
            ("phone=%2B4915112345678", &phone),
            ("phone=+4915112345678", &phone),
        ] {
            assert_eq!(identifier(&pairs(query)).as_ref(), Ok(expected), "{query}");
        }
        for (query, expected) in [
            ("", &["email", "phone"][..]),
            ("email=a@example.com&phone=%2B4915112345678", &["email", "phone"]),
            ("email=a@example.com&email=b@example.com", &["email", "phone"]),
            ("email=", &["email"]),
            ("phone=015112345678", &["phone"]),
            ("email=a@example.com&name=Ann", &["name"]),
        ] {
            assert_eq!(fields(identifier(&pairs(query))), expected, "{query}");
        }
    }

    #[test]
    fn a_window_is_an_hour_to_a_year() {
        for (query, expected) in [("", 24), ("hours=1", 1), ("hours=8760", 8760)] {
            assert_eq!(hours(&pairs(query)), Ok(expected), "{query}");
        }
        for query in
            ["hours=0", "hours=8761", "hours=-1", "hours=1.5", "hours=", "hours=x", "hours=1&hours=2"]
        {
            assert_eq!(fields(hours(&pairs(query))), ["hours"], "{query}");
        }
        assert_eq!(fields(hours(&pairs("days=1"))), ["days"]);
    }
}
