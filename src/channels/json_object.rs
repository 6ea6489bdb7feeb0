//! JSON object parser for bodies that clients send: it refuses a name that is given twice, of which serde would keep the
//! last value, and accepts a byte order mark.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// An object's members, and the names that were given more than once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JsonObject {
    pub members: Map<String, Value>,
    pub repeated: Vec<String>,
}

impl JsonObject {
    /// Parses a body; `Ok(None)` for JSON that is no object, an error with the reason for what is no JSON.
    pub fn parse(body: &[u8]) -> Result<Option<Self>, String> {
        let decoded;
        let text = match body {
            [0xef, 0xbb, 0xbf, text @ ..] => text,
            [0xff, 0xfe, rest @ ..] => {
                decoded = utf16(rest, u16::from_le_bytes)?;
                decoded.as_bytes()
            }
            [0xfe, 0xff, rest @ ..] => {
                decoded = utf16(rest, u16::from_be_bytes)?;
                decoded.as_bytes()
            }
            text => text,
        };
        let JsonBody(object) = serde_json::from_slice(text).map_err(|error| error.to_string())?;
        Ok(object)
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, String> {
    let (pairs, []) = bytes.as_chunks::<2>() else {
        return Err("half a character at the end".to_owned());
    };
    let units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
    String::from_utf16(&units).map_err(|error| error.to_string())
}

/// `None` for anything but an object.
struct JsonBody(Option<JsonObject>);

impl<'de> Deserialize<'de> for JsonBody {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(BodyVisitor)
    }
}

struct BodyVisitor;

impl<'de> Visitor<'de> for BodyVisitor {
    type Value = JsonBody;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<JsonBody, A::Error> {
        let mut object = JsonObject::default();
        while let Some((name, value)) = map.next_entry::<String, Value>()? {
            if object.members.insert(name.clone(), value).is_some() && !object.repeated.contains(&name) {
                object.repeated.push(name);
            }
        }
        Ok(JsonBody(Some(object)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<JsonBody, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(JsonBody(None))
    }

    fn visit_str<E>(self, _: &str) -> Result<JsonBody, E> {
        Ok(JsonBody(None))
    }

    fn visit_bool<E>(self, _: bool) -> Result<JsonBody, E> {
        Ok(JsonBody(None))
    }

    fn visit_i64<E>(self, _: i64) -> Result<JsonBody, E> {
        Ok(JsonBody(None))
    }

    fn visit_u64<E>(self, _: u64) -> Result<JsonBody, E> {
        Ok(JsonBody(None))
    }

    fn visit_f64<E>(self, _: f64) -> Result<JsonBody, E> {
        Ok(JsonBody(None))
    }

    fn visit_unit<E>(self) -> Result<JsonBody, E> {
        Ok(JsonBody(None))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_name_given_twice_is_noticed_however_it_is_written() {
        let object =
            JsonObject::parse(br#"{"a":1,"b":2,"\u0061":3,"a":4,"c":{"d":1,"d":2}}"#).unwrap().unwrap();
        assert_eq!(object.repeated, ["a"]);
        assert_eq!(object.members["b"], json!(2));
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_text() {
        let text = r#"{"name":"Zoë"}"#;
        let units = || text.encode_utf16();
        let bodies = [
            text.as_bytes().to_vec(),
            [&b"\xef\xbb\xbf"[..], text.as_bytes()].concat(),
            [0xff, 0xfe].into_iter().chain(units().flat_map(u16::to_le_bytes)).collect(),
            [0xfe, 0xff].into_iter().chain(units().flat_map(u16::to_be_bytes)).collect(),
        ];
        for body in bodies {
            let object = JsonObject::parse(&body).unwrap().unwrap();
            assert_eq!(object.members["name"], json!("Zoë"), "{body:?}");
        }
    }

    #[test]
    fn what_is_no_object_is_told_from_what_is_no_json() {
        for body in ["null", "[]", "[{}]", "7", "-7", "1.5", "\"name\"", "true"] {
            assert_eq!(JsonObject::parse(body.as_bytes()), Ok(None), "{body}");
        }
        for body in [&b""[..], b"{", b"{} x", b"\xff\xfe{", b"{\"a\":}", b"\xef\xbb"] {
            assert!(JsonObject::parse(body).is_err(), "{body:?}");
        }
    }
}
