//! Handler of the customer look-up.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;

use crate::domain::customers::contact::{Address, Email, Phone, ProviderUser};
use crate::domain::validation::FieldError;
use crate::http::api::customers::Customer;
use crate::http::server::ask::look_up;
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::principal::AccessScope;
use crate::http::server::problem::Problem;
use crate::http::server::query::{self, Pairs};
use crate::http::server::state::Shared;

pub fn endpoints() -> Vec<Endpoint> {
    vec![Endpoint::new(Access::Scope(AccessScope::Read), __path_find_customer, find_customer)]
}

/// Finds a customer by an identifier.
///
/// Exactly one of `email`, `phone` and `provider_user` must be given.
#[utoipa::path(
    get,
    path = "/customers/lookup",
    params(
        ("email" = Option<String>, Query, format = Email, pattern = r"^[^@]*@[^@]*\.[^@]*$", description = "An e-mail address"),
        ("phone" = Option<String>, Query, pattern = r"^\+[1-9][0-9]{6,14}$", description = "A phone number (E.164)"),
        ("provider_user" = Option<String>, Query, pattern = "^(whatsapp|email|web_form):[A-Za-z0-9._-]{1,128}$",
            description = "A provider's user who shows no number, such as `whatsapp:US.1349`"),
    ),
    responses(
        (status = 200, description = "The customer.", body = Customer),
        (status = 404, description = "No customer has that identifier."),
    ),
)]
async fn find_customer(query: Pairs, shared: Data<Shared>) -> Result<HttpResponse, Problem> {
    let identifier = identifier(&query).map_err(Problem::invalid)?;
    let found = look_up(&shared, move |views| views.customer(identifier.clone())).await?;
    let missing = || Problem::new(StatusCode::NOT_FOUND, "No customer is known by that.");
    Ok(HttpResponse::Ok().json(Customer::from(found.ok_or_else(missing)?)))
}

/// Exactly one of the parameters.
fn identifier(query: &[(String, String)]) -> Result<Address, Vec<FieldError>> {
    query::known(query, &["email", "phone", "provider_user"])?;
    let [(name, value)] = query else {
        let message = "exactly one of email and phone must be given";
        return Err(vec![FieldError::new("email", message), FieldError::new("phone", message)]);
    };
    // No address contains a blank: it was a `+` that was not escaped.
    let identifier = match name.as_str() {
        "email" => Email::parse(&value.trim().replace(' ', "+")).map(Address::Email),
        "phone" => Phone::parse(&plus(value)).map(Address::Phone),
        _ => ProviderUser::parse(value).map(Address::ProviderUser),
    };
    identifier.map_err(|error| vec![FieldError::new(name.clone(), error.to_string())])
}

/// An unescaped `+` at the beginning of a query value is decoded as a space; no number begins with one.
fn plus(phone: &str) -> String {
    match phone.strip_prefix(' ') {
        Some(digits) => format!("+{digits}"),
        None => phone.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::server::query::testing::{fields, pairs};

    #[test]
    fn a_customer_is_looked_up_by_one_identifier() {
        let ann = Address::Email(Email::parse("ann@example.com").unwrap());
        let user = Address::ProviderUser(ProviderUser::parse("whatsapp:US.1349").unwrap());
        let tagged = Address::Email(Email::parse("ann+tag@example.com").unwrap());
        let phone = Address::Phone(Phone::parse("+4915112345678").unwrap());
        for (query, expected) in [
            ("email=Ann@example.com", &ann),
            ("email=ann%40example.com", &ann),
            ("phone=%2B4915112345678", &phone),
            ("phone=+4915112345678", &phone),
            ("email=ann+tag@example.com", &tagged),
            ("provider_user=whatsapp:US.1349", &user),
        ] {
            assert_eq!(identifier(&pairs(query)).as_ref(), Ok(expected), "{query}");
        }
        for (query, expected) in [
            ("", &["email", "phone"][..]),
            ("email=a@example.com&phone=%2B4915112345678", &["email", "phone"]),
            ("email=a@example.com&email=b@example.com", &["email", "phone"]),
            ("email=", &["email"]),
            ("provider_user=US.1349", &["provider_user"]),
            ("phone=015112345678", &["phone"]),
            ("email=a@example.com&name=Ann", &["name"]),
        ] {
            assert_eq!(fields(identifier(&pairs(query))), expected, "{query}");
        }
    }
}
