//! Handlers of customers' rights, for admins: the export of what is held, and erasure.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use uuid::Uuid;

use super::perform::admin;
use crate::actors::messages::EraseCustomer;
use crate::channels::fields::FormFields;
use crate::domain::ids::CustomerId;
use crate::domain::validation::InvalidForm;
use crate::http::api::customer_rights::{CustomerDataExport, ErasureProof, ErasureRequest};
use crate::http::routes::path_id;
use crate::http::server::ask::{ask_long, call};
use crate::http::server::body;
use crate::http::server::endpoint::{Access, Endpoint};
use crate::http::server::principal::AccessScope;
use crate::http::server::problem::Problem;
use crate::http::server::state::Shared;

/// Rows of each table in a response; whoever has more is exported by the command.
const MAX_ROWS: i64 = 5_000;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::new(Access::Scope(AccessScope::Staff), __path_get_customer_export, get_customer_export),
        Endpoint::new(Access::Scope(AccessScope::Staff), __path_post_customer_erase, post_customer_erase),
    ]
}

/// Exports everything that is held of a customer.
///
/// For admins. Files are named; `fte customer export` writes them too, and has no limit of rows.
#[utoipa::path(
    get,
    path = "/staff/customers/{id}/export",
    params(("id" = CustomerId, Path, description = "The customer's id")),
    responses(
        (status = 200, description = "The export.", body = CustomerDataExport),
        (status = 404, description = "There is no such customer."),
        (status = 409, description = "There is too much for one response (`export_too_large`)."),
    ),
)]
async fn get_customer_export(
    request: HttpRequest,
    id: Path<String>,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    let by = admin(&request)?;
    let customer = CustomerId(path_id::parse(&id).ok_or_else(no_customer)?);
    let found =
        call(&shared.wires.customer_rights, move |rights| rights.export(customer, by, MAX_ROWS)).await?;
    let export = found.ok_or_else(no_customer)?;
    if export.is_truncated {
        let detail = "There is too much for one response; `fte customer export` writes everything.";
        return Err(Problem::coded(StatusCode::CONFLICT, "export_too_large", detail));
    }
    Ok(HttpResponse::Ok().json(CustomerDataExport::from(export)))
}

/// Erases a customer.
///
/// For admins. Texts become `[erased]`; names, addresses and files go; counts stay. It can't be undone. Done again, it gives
/// the same receipt.
#[utoipa::path(
    post,
    path = "/staff/customers/{id}/erase",
    request_body = ErasureRequest,
    params(("id" = CustomerId, Path, description = "The customer's id")),
    responses(
        (status = 200, description = "The receipt.", body = ErasureProof),
        (status = 404, description = "There is no such customer."),
    ),
)]
async fn post_customer_erase(
    request: HttpRequest,
    id: Path<String>,
    body: Payload,
    shared: Data<Shared>,
) -> Result<HttpResponse, Problem> {
    let by = admin(&request)?;
    let customer = CustomerId(path_id::parse(&id).ok_or_else(no_customer)?);
    let body = body::read_json(&request, body, &shared).await?;
    confirmed(&body, customer)?;
    let erase = |reply| EraseCustomer { customer, by, reply };
    let receipt = ask_long(&shared.wires.erase_customer, erase).await?;
    Ok(HttpResponse::Ok().json(ErasureProof::from(receipt.ok_or_else(no_customer)?)))
}

/// `{confirm}` must be the id in the path, so that a wrong address alone erases no customer.
fn confirmed(body: &[u8], customer: CustomerId) -> Result<(), InvalidForm> {
    let mut fields = FormFields::parse(body)?;
    let confirm = fields.required("confirm", |value| match Uuid::try_parse(&value) {
        Ok(id) if id == customer.0 => Ok(()),
        Ok(_) | Err(_) => Err("must be the customer's id".into()),
    });
    fields.finish(confirm)
}

fn no_customer() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "There is no such customer.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_erasure_is_confirmed_by_the_customers_own_id() {
        let customer = CustomerId(Uuid::from_u128(7));
        assert_eq!(confirmed(format!(r#"{{"confirm": "{customer}"}}"#).as_bytes(), customer), Ok(()));
        let other = format!(r#"{{"confirm": "{}"}}"#, Uuid::from_u128(8));
        for body in ["{}", &other, r#"{"confirm": true}"#] {
            match confirmed(body.as_bytes(), customer) {
                Err(InvalidForm::Invalid(errors)) => assert_eq!(errors[0].field, "confirm", "{body}"),
                unexpected => panic!("{body}: {unexpected:?}"),
            }
        }
    }
}
