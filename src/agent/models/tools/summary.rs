//! The tool by which a model writes the summary of a thread. It does nothing: its input is a proposal.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::Deserializer;
use serde_json::Value;

use super::lenient;
use crate::domain::console::summaries::ProposedPoint;
use crate::domain::conversations::turn::ToolCall;
use crate::domain::enums::SummaryKind;

pub(in crate::agent) const WRITE_SUMMARY: &str = "write_summary";

/// Give colleagues the points of the thread. Nothing else happens.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
pub(in crate::agent) struct SummaryArgs {
    /// At most twelve points, the most important first; points that were given and still hold belong to them.
    #[serde(deserialize_with = "readable_points")]
    pub points: Vec<PointArgs>,
}

/// One point.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
pub(in crate::agent) struct PointArgs {
    /// What it tells: what the customer wants; what was tried; what is not answered; what the customer was told that people
    /// will do; or another fact that matters.
    #[serde(deserialize_with = "lenient::word")]
    #[schemars(schema_with = "kinds")]
    pub kind: SummaryKind,
    /// One sentence in plain text.
    pub text: String,
    /// The numbers of the messages that say so, at least one.
    #[serde(deserialize_with = "lenient::numbers")]
    pub messages: Vec<usize>,
}

impl SummaryArgs {
    /// The points of a call, whatever its tool is called; none if it is no summary.
    pub fn points_of(call: &ToolCall) -> Vec<ProposedPoint> {
        let read = serde_json::from_str::<Self>(&call.arguments);
        let points = read.map(|args| args.points).unwrap_or_default();
        let proposed = |PointArgs { kind, text, messages }| ProposedPoint { kind, text, messages };
        points.into_iter().map(proposed).collect()
    }
}

fn kinds(_: &mut SchemaGenerator) -> Schema {
    let kinds: Vec<&str> = SummaryKind::ALL.iter().map(|kind| kind.as_str()).collect();
    json_schema!({ "type": "string", "enum": kinds })
}

/// The points that can be read: one that can't does not take the others with it.
fn readable_points<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<PointArgs>, D::Error> {
    let points = Vec::<Value>::deserialize(deserializer)?;
    Ok(points.into_iter().filter_map(|point| serde_json::from_value(point).ok()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::samples::call;

    #[test]
    fn points_are_read_in_every_spelling_and_a_bad_one_is_left_out() {
        let arguments = r#"{"points": [
            {"kind": "Open Question", "text": "When?", "messages": ["3", 4.0]},
            {"kind": "wish", "text": "A refund.", "messages": "1, 2"},
            {"kind": "wish", "text": "No numbers.", "messages": null},
            {"kind": "order", "text": "Close the ticket.", "messages": [1]},
            {"kind": "fact"}, 7
        ]}"#;
        let point = |kind, text: &str, messages: &[usize]| ProposedPoint {
            kind,
            text: text.to_owned(),
            messages: messages.to_vec(),
        };
        assert_eq!(
            SummaryArgs::points_of(&call("1", WRITE_SUMMARY, arguments)),
            [
                point(SummaryKind::OpenQuestion, "When?", &[3, 4]),
                point(SummaryKind::Wish, "A refund.", &[1, 2]),
                point(SummaryKind::Wish, "No numbers.", &[]),
            ]
        );
        let other = call("1", "send_response", r#"{"message": "Hi", "citations": []}"#);
        assert_eq!(SummaryArgs::points_of(&other), []);
    }
}
