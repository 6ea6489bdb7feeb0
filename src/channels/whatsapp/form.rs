//! Form decoder for webhook bodies: pairs of names and values, decoded, in their original order.

use serde_json::Value;

/// A decoded form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form(Vec<(String, String)>);

impl Form {
    /// Decodes `application/x-www-form-urlencoded`; every byte string is a valid form.
    pub fn decode(body: &[u8]) -> Self {
        Self(form_urlencoded::parse(body).into_owned().collect())
    }

    /// Reads a flat JSON object, which Twilio sends to accounts configured for it; `None` for other JSON.
    pub fn from_json(body: &[u8]) -> Option<Self> {
        let Value::Object(fields) = serde_json::from_slice(body).ok()? else {
            return None;
        };
        let plain = |value: Value| match value {
            Value::String(text) => Some(text),
            Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        };
        let pairs = fields.into_iter().filter_map(|(name, value)| Some((name, plain(value)?)));
        Some(Self(pairs.collect()))
    }

    pub fn encode(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }

    /// The form with `+` in its addresses, which unescaped decodes to a blank; `None` if there is no such blank.
    pub fn with_plus(&self) -> Option<Self> {
        let fixed = |value: &String| match value.strip_prefix("whatsapp: ") {
            Some(digits) => format!("whatsapp:+{digits}"),
            None => value.clone(),
        };
        let pairs: Vec<_> = self.0.iter().map(|(name, value)| (name.clone(), fixed(value))).collect();
        (pairs != self.0).then_some(Self(pairs))
    }

    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }

    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    /// The first value of that name; an empty value counts as absent.
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut values = self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str());
        values.next().filter(|value| !value.is_empty())
    }
}

impl<const N: usize> From<[(&str, &str); N]> for Form {
    fn from(pairs: [(&str, &str); N]) -> Self {
        Self(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_form_reads_back_as_it_was(pairs in proptest::collection::vec((".*", ".*"), 0..8)) {
            let form = Form(pairs);
            prop_assert_eq!(Form::decode(form.encode().as_bytes()), form);
        }

        #[test]
        fn any_bytes_can_be_read(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _read = (Form::decode(&body), Form::from_json(&body));
        }
    }

    #[test]
    fn a_json_object_of_plain_values_is_a_form() {
        let form = Form::from_json(br#"{"Body":"hi","NumMedia":2,"Extra":{"a":1},"None":null}"#);
        assert_eq!(form, Some(Form::from([("Body", "hi"), ("NumMedia", "2")])));
        assert_eq!(Form::from_json(b"[1]"), None);
        assert_eq!(Form::from_json(b"{"), None);
    }
}
