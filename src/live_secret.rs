//! Secrets that may be replaced while the program runs: readers ask for the present value each time. For a while the
//! former one still counts as proof of others, because they do not change theirs at the same moment.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use secrecy::{ExposeSecret, SecretString};

use crate::clock;

/// How long the former value is accepted from others after a replacement.
pub const OVERLAP: Duration = Duration::from_secs(3600);

#[derive(Clone)]
pub struct LiveSecret(Arc<RwLock<Values>>);

struct Values {
    present: SecretString,
    former: Option<(SecretString, Instant)>,
}

impl LiveSecret {
    /// For our own requests.
    pub fn now(&self) -> SecretString {
        self.0.read().unwrap_or_else(PoisonError::into_inner).present.clone()
    }

    /// What others may prove themselves by: the present value, and for [`OVERLAP`] the former one.
    pub fn accepted(&self) -> Vec<SecretString> {
        let values = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let is_recent = |since: &Instant| clock::monotonic().duration_since(*since) < OVERLAP;
        let former = values.former.as_ref().filter(|(_, since)| is_recent(since));
        [Some(values.present.clone()), former.map(|(secret, _)| secret.clone())]
            .into_iter()
            .flatten()
            .collect()
    }

    /// When the present value replaced the former one.
    pub fn replaced_at(&self) -> Option<Instant> {
        let values = self.0.read().unwrap_or_else(PoisonError::into_inner);
        values.former.as_ref().map(|(_, at)| *at)
    }

    /// Replaces the value; whether it is another one.
    pub fn replace(&self, new: &SecretString) -> bool {
        let mut values = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if values.present.expose_secret() == new.expose_secret() {
            return false;
        }
        let former = std::mem::replace(&mut values.present, new.clone());
        values.former = Some((former, clock::monotonic()));
        true
    }
}

impl<T: Into<SecretString>> From<T> for LiveSecret {
    fn from(secret: T) -> Self {
        Self(Arc::new(RwLock::new(Values { present: secret.into(), former: None })))
    }
}

impl fmt::Debug for LiveSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LiveSecret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(secret: &LiveSecret) -> Vec<String> {
        secret.accepted().iter().map(|value| value.expose_secret().to_owned()).collect()
    }

    #[test]
    fn the_former_value_is_still_accepted_and_no_longer_used() {
        let secret = LiveSecret::from("one");
        assert_eq!(accepted(&secret), ["one"]);
        let copy = secret.clone();
        assert_eq!(copy.replaced_at(), None);
        assert!(secret.replace(&"two".into()));
        assert!(!secret.replace(&"two".into()));
        assert_eq!(copy.now().expose_secret(), "two");
        assert!(copy.replaced_at().is_some());
        assert_eq!(accepted(&copy), ["two", "one"]);
        secret.replace(&"three".into());
        assert_eq!(accepted(&copy), ["three", "two"]);
    }
}
