//! The label of handled mail, which is created where it is missing, and the archive.

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::api::{Api, ApiError};

const NAME: &str = "Answered by fte";

/// Its id, once it is known.
#[derive(Default)]
pub struct Labels {
    handled: Mutex<Option<String>>,
}

#[derive(Deserialize)]
struct LabelList {
    #[serde(default)]
    labels: Vec<Label>,
}

#[derive(Deserialize)]
struct Label {
    id: String,
    name: String,
}

/// Takes a thread out of the inbox.
pub async fn archive(api: &Api, thread_id: &str) -> Result<(), ApiError> {
    let body = json!({ "addLabelIds": [], "removeLabelIds": ["INBOX"] });
    api.post::<Value>(&format!("threads/{thread_id}/modify"), &body).await.map(|_| ())
}

impl Labels {
    /// Marks every mail of a thread.
    pub async fn mark(&self, api: &Api, thread_id: &str) -> Result<(), ApiError> {
        let label = self.id(api).await?;
        let body = json!({ "addLabelIds": [label], "removeLabelIds": [] });
        api.post::<Value>(&format!("threads/{thread_id}/modify"), &body).await.map(|_| ())
    }

    async fn id(&self, api: &Api) -> Result<String, ApiError> {
        let mut handled = self.handled.lock().await;
        if let Some(id) = handled.as_ref() {
            return Ok(id.clone());
        }
        let list: LabelList = api.get("labels", &[]).await?;
        let found = list.labels.into_iter().find(|label| label.name == NAME);
        let id = match found {
            Some(label) => label.id,
            None => {
                let wish = json!({
                    "name": NAME, "labelListVisibility": "labelShow", "messageListVisibility": "show",
                });
                api.post::<Label>("labels", &wish).await?.id
            }
        };
        *handled = Some(id.clone());
        Ok(id)
    }
}
