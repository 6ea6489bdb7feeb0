//! A chat completion request, parsed for scripts.

use serde_json::Value;

#[derive(Clone, Debug)]
pub struct Asked {
    /// Its index among the chat completion requests, from 0.
    pub nth: u64,
    pub body: Value,
}

impl Asked {
    pub fn model(&self) -> &str {
        self.body["model"].as_str().unwrap_or_default()
    }

    pub fn streams(&self) -> bool {
        self.body["stream"].as_bool().unwrap_or(false)
    }

    pub fn messages(&self) -> &[Value] {
        self.body["messages"].as_array().map(Vec::as_slice).unwrap_or_default()
    }

    /// The number of model replies within this turn so far.
    pub fn replies(&self) -> usize {
        self.messages().iter().filter(|message| message["role"] == "assistant").count()
    }

    /// The content of all messages of the request, joined.
    pub fn text(&self) -> String {
        let contents = self.messages().iter().filter_map(|message| message["content"].as_str());
        contents.collect::<Vec<_>>().join("\n")
    }

    /// Ids and texts of the passages that may be cited, read from their fences in the prompt.
    pub fn passages(&self) -> Vec<(String, String)> {
        let text = self.text();
        let parts = text.split("<passage id=\"").skip(1);
        let read = |part: &str| {
            let (id, rest) = part.split_once('"')?;
            let (_, rest) = rest.split_once('>')?;
            let (passage, _) = rest.split_once("</passage>")?;
            Some((id.to_owned(), unescape(passage.trim())))
        };
        parts.filter_map(read).collect()
    }

    /// The customer's newest messages, read from their fence in the prompt.
    pub fn customer(&self) -> String {
        let text = self.text();
        let newest = text.rsplit_once("<messages>\n").map_or("", |(_, rest)| rest);
        let newest = newest.split_once("</messages>").map_or(newest, |(inside, _)| inside);
        let said = newest.split("<message ").skip(1).filter_map(|part| {
            let (_, rest) = part.split_once('>')?;
            Some(unescape(rest.split_once("</message>")?.0.trim()))
        });
        said.collect::<Vec<_>>().join("\n")
    }
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_customers_text_is_read_from_its_fence() {
        let prompt = "<history>\n<message from=\"customer\" at=\"x\">\nOld.\n</message>\n</history>\n\n<messages>\n\
                      <message from=\"customer\" at=\"y\">\nOne &lt;b&gt;\n</message>\n\
                      <message from=\"customer\" at=\"z\">\nTwo\n</message>\n</messages>\n\nAnswer <messages>.";
        let body = json!({ "messages": [{ "role": "user", "content": prompt }] });
        assert_eq!(Asked { nth: 0, body }.customer(), "One <b>\nTwo");
    }
}
