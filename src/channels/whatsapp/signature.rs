//! Webhook signature verification, `X-Twilio-Signature`: proof that a request comes from Twilio (Twilio, "Validating
//! Requests").
//!
//! It contains no timestamp: the uniqueness of the MessageSid prevents replays.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::form::Form;
use crate::live_secret::LiveSecret;

/// The header that carries the signature.
pub const SIGNATURE: &str = "X-Twilio-Signature";
/// The query parameter with the digest of a body that is not a form.
const BODY_DIGEST: &str = "bodySHA256";

/// The signature of a form posted to `url`, which includes its query.
pub fn sign(token: &SecretString, url: &str, form: &Form) -> String {
    STANDARD.encode(mac(token, url, form).finalize().into_bytes())
}

/// Sorted keys, each with its distinct values sorted, decoded, without separators.
fn mac(token: &SecretString, url: &str, form: &Form) -> Hmac<Sha1> {
    let mut fields: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, value) in form.pairs() {
        fields.entry(name).or_default().insert(value);
    }
    let key = token.expose_secret().as_bytes();
    let mut mac = <Hmac<Sha1> as KeyInit>::new_from_slice(key)
        .unwrap_or_else(|error| unreachable!("HMAC takes keys of any length: {error}"));
    mac.update(url.as_bytes());
    for (name, values) in fields {
        for value in values {
            mac.update(name.as_bytes());
            mac.update(value.as_bytes());
        }
    }
    mac
}

/// Verifies Twilio's requests with the account's tokens: several during a rotation.
#[derive(Clone, Debug)]
pub struct Verifier {
    tokens: Vec<LiveSecret>,
}

impl Verifier {
    pub fn new(tokens: Vec<LiveSecret>) -> Self {
        Self { tokens }
    }

    /// Whether `signature` is Twilio's for a form posted to `url`, the public URL with its query. A missing signature
    /// is invalid.
    pub fn knows_form(&self, url: &str, form: &Form, signature: Option<&str>) -> bool {
        let Some(signature) = signature.and_then(|signature| STANDARD.decode(signature).ok()) else {
            return false;
        };
        let urls = spellings(url);
        // No early exit: the comparison must take constant time.
        let mut known = false;
        for token in self.tokens.iter().flat_map(LiveSecret::accepted) {
            for url in &urls {
                known |= mac(&token, url, form).verify_slice(&signature).is_ok();
            }
        }
        known
    }

    /// The same for a body that is not a form: the query has its digest, and the signature covers the URL alone.
    pub fn knows_body(&self, url: &str, body: &[u8], signature: Option<&str>) -> bool {
        let query = url.split_once('?').map_or("", |(_, query)| query);
        let Some(claimed) = Form::decode(query.as_bytes()).get(BODY_DIGEST).map(str::to_ascii_lowercase)
        else {
            return false;
        };
        let digest = hex::encode(Sha256::digest(body));
        let same = bool::from(digest.as_bytes().ct_eq(claimed.as_bytes()));
        self.knows_form(url, &Form::default(), signature) && same
    }
}

/// The forms of a URL that Twilio may have signed: with and without the default port.
fn spellings(url: &str) -> Vec<String> {
    let mut spellings = vec![url.to_owned()];
    let Some((scheme, rest)) = url.split_once("://") else {
        return spellings;
    };
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let usual = if scheme == "https" { "443" } else { "80" };
    match port_of(authority) {
        Some(port) => {
            let host = &authority[..authority.len() - port.len() - 1];
            spellings.push(format!("{scheme}://{host}{path}"));
        }
        None => spellings.push(format!("{scheme}://{authority}:{usual}{path}")),
    }
    spellings
}

fn port_of(authority: &str) -> Option<&str> {
    let (_, port) = authority.rsplit_once(':')?;
    (!port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())).then_some(port)
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://mycompany.com/myapp.php?foo=1&bar=2";

    fn token(text: &str) -> SecretString {
        SecretString::from(text)
    }

    fn verifier() -> Verifier {
        Verifier::new(vec![token("12345").into()])
    }

    fn call() -> Form {
        Form::from([
            ("CallSid", "CA1234567890ABCDE"),
            ("Digits", "1234"),
            ("From", "+14158675309"),
            ("Caller", "+14158675309"),
            ("To", "+18005551212"),
        ])
    }

    /// Test vectors of Twilio's own libraries.
    #[test]
    fn the_published_vectors_are_known() {
        let base = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";
        assert_eq!(sign(&token("12345"), URL, &call()), base);
        assert!(verifier().knows_form(URL, &call(), Some(base)));
        assert!(
            verifier().knows_form(URL, &call(), Some("kvajT1Ptam85bY51eRf/AJRuM3w=")),
            "signed with :443"
        );
        let plain = URL.replace("https", "http");
        assert!(
            verifier().knows_form(&plain, &call(), Some("0ZXoZLH/DfblKGATFgpif+LLRf4=")),
            "signed with :80"
        );
        let repeated = Form::from([
            ("Sid", "CA123"),
            ("SidAccount", "AC123"),
            ("Digits", "5678"),
            ("Digits", "1234"),
            ("Digits", "1234"),
        ]);
        assert_eq!(sign(&token("12345"), URL, &repeated), "IK+Dwps556ElfBT0I3Rgjkr1wJU=");
    }

    #[test]
    fn a_json_body_is_known_by_its_digest_in_the_query() {
        let digest = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620";
        let url = format!("{URL}&bodySHA256={digest}");
        let body = br#"{"property": "value", "boolean": true}"#;
        let signature = Some("a9nBmqA0ju/hNViExpshrM61xv4=");
        assert!(verifier().knows_body(&url, body, signature));
        assert!(!verifier().knows_body(&url, b"{}", signature), "another body");
        assert!(!verifier().knows_body(URL, body, signature), "no digest");
        assert!(!verifier().knows_body(&url, body, None), "no signature");
    }

    #[test]
    fn a_port_may_be_spelt_or_not() {
        let form = call();
        for (signed, received) in [
            ("https://a.example:443/w", "https://a.example/w"),
            ("https://a.example/w", "https://a.example:443/w"),
            ("http://a.example:80/w?x=1", "http://a.example/w?x=1"),
            ("https://a.example/w", "https://a.example:8443/w"),
            ("https://[::1]:443/w", "https://[::1]/w"),
        ] {
            let signature = sign(&token("12345"), signed, &form);
            assert!(verifier().knows_form(received, &form, Some(&signature)), "{signed} {received}");
        }
    }

    #[test]
    fn two_tokens_hold_while_one_is_replaced() {
        let rotating = Verifier::new(vec![token("new").into(), token("12345").into()]);
        for by in ["new", "12345"] {
            assert!(rotating.knows_form(URL, &call(), Some(&sign(&token(by), URL, &call()))), "{by}");
        }
        assert!(!rotating.knows_form(URL, &call(), Some(&sign(&token("old"), URL, &call()))));
    }

    #[test]
    fn what_is_forged_changed_or_missing_is_unknown() {
        let signature = sign(&token("12345"), URL, &call());
        assert!(!verifier().knows_form(URL, &call(), None));
        assert!(!verifier().knows_form(URL, &call(), Some("")));
        assert!(!Verifier::new(Vec::new()).knows_form(URL, &call(), Some(&signature)), "no token at all");
        let mut more = call();
        more.push("Extra", "1");
        assert!(!verifier().knows_form(URL, &more, Some(&signature)), "a field was added");
        assert!(!verifier().knows_form("https://mycompany.com/other", &call(), Some(&signature)));
    }

    /// Flips every single bit of a signature's text.
    #[test]
    fn a_flipped_bit_makes_a_signature_wrong() {
        let signature = sign(&token("12345"), URL, &call());
        for place in 0..signature.len() {
            for bit in 0..7 {
                let mut bytes = signature.clone().into_bytes();
                bytes[place] ^= 1 << bit;
                let flipped = String::from_utf8(bytes).unwrap();
                assert!(!verifier().knows_form(URL, &call(), Some(&flipped)), "byte {place}, bit {bit}");
            }
        }
    }
}
