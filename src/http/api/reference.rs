//! Data transfer object of the OpenAPI document, as far as it describes itself.

use serde_json::Value;
use utoipa::ToSchema;

/// An OpenAPI document, version 3.1.
#[derive(Debug, ToSchema)]
pub struct OpenapiDocument {
    #[schema(example = "3.1.0")]
    pub openapi: String,
    #[schema(value_type = Object)]
    pub info: Value,
    #[schema(value_type = Object)]
    pub paths: Value,
}
