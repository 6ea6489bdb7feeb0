//! Fake language model that answers at once, citing the first passage: the measurement is the cost of a turn itself.

use fte::agent::port::{Answering, LanguageModel, Request, ToolName};
use fte::domain::conversations::turn::{ModelTurn, ToolCall};
use serde_json::json;

pub struct Instant;

impl LanguageModel for Instant {
    fn name(&self) -> &'static str {
        "instant"
    }

    fn prompt_version(&self) -> &'static str {
        "instant-1"
    }

    fn answer(&self, request: Request) -> Answering {
        let citations: Vec<&str> =
            request.findings.passages.first().into_iter().map(|passage| passage.id.as_str()).collect();
        let message = "Open the sign-in page and choose \"Forgot password\".";
        let call = ToolCall {
            id: "instant".to_owned(),
            name: ToolName::SendResponse.as_str().to_owned(),
            arguments: json!({ "message": message, "citations": citations }).to_string(),
        };
        let said = ModelTurn { calls: vec![call], ..ModelTurn::default() };
        Box::pin(std::future::ready(Ok(said)))
    }
}
