//! Data transfer object of a person: an account or a customer.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::console::detail::PersonRef;

/// An account or a customer, as others see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Person {
    #[schema(value_type = String, format = Uuid)]
    pub id: uuid::Uuid,
    pub name: String,
}

impl From<PersonRef> for Person {
    fn from(person: PersonRef) -> Self {
        Self { id: person.id, name: person.name }
    }
}
