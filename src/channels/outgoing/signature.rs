//! Request signing of outgoing webhooks, by Standard Webhooks 1.0: HMAC-SHA-256 over the id, the time of the try and the
//! body, in base 64.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::domain::webhooks::WebhookKey;

/// The headers of a signed request.
pub const ID: &str = "webhook-id";
pub const TIMESTAMP: &str = "webhook-timestamp";
pub const SIGNATURE: &str = "webhook-signature";

/// The value of [`SIGNATURE`]: one signature for each key, so that a receiver may know either of them.
pub fn sign(keys: &[WebhookKey], id: &str, timestamp: i64, body: &[u8]) -> String {
    let signatures: Vec<String> = keys.iter().map(|key| signature(key, id, timestamp, body)).collect();
    signatures.join(" ")
}

fn signature(key: &WebhookKey, id: &str, timestamp: i64, body: &[u8]) -> String {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&key.0)
        .unwrap_or_else(|error| unreachable!("HMAC takes keys of any length: {error}"));
    mac.update(format!("{id}.{timestamp}.").as_bytes());
    mac.update(body);
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification and of its reference libraries.
    #[test]
    fn the_signature_is_that_of_the_specification() {
        let key = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let body = br#"{"test": 2432232314}"#;
        let signed = sign(&[WebhookKey(key)], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn each_key_signs() {
        let keys = [WebhookKey(vec![1; 32]), WebhookKey(vec![2; 32])];
        let both = sign(&keys, "1", 2, b"{}");
        assert_eq!(both, [sign(&keys[..1], "1", 2, b"{}"), sign(&keys[1..], "1", 2, b"{}")].join(" "));
    }
}
