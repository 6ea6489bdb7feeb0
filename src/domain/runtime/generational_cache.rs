//! A bounded cache by text. The older of two generations is dropped when the newer one is full, so that what is used stays.

use std::collections::HashMap;

#[derive(Clone, Debug)]
pub struct GenerationalCache<V> {
    young: HashMap<String, V>,
    old: HashMap<String, V>,
    limit: usize,
}

impl<V: Clone> GenerationalCache<V> {
    /// A cache of up to twice `limit` values.
    pub fn new(limit: usize) -> Self {
        Self { young: HashMap::new(), old: HashMap::new(), limit }
    }

    pub fn get(&mut self, text: &str) -> Option<V> {
        if let Some(value) = self.young.get(text) {
            return Some(value.clone());
        }
        let (text, value) = self.old.remove_entry(text)?;
        self.insert(text, value.clone());
        Some(value)
    }

    pub fn insert(&mut self, text: String, value: V) {
        if self.young.len() >= self.limit && !self.young.contains_key(&text) {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(text, value);
    }

    pub fn remove(&mut self, text: &str) {
        self.young.remove(text);
        self.old.remove(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_stays_and_the_number_is_bounded() {
        let mut cache = GenerationalCache::new(3);
        cache.insert("used".to_owned(), 0);
        for number in 1..100 {
            cache.insert(number.to_string(), number);
            assert_eq!(cache.get("used"), Some(0));
        }
        assert!(cache.young.len() + cache.old.len() <= 6);
        assert_eq!(cache.get("1"), None);
        cache.remove("used");
        assert_eq!(cache.get("used"), None);
    }
}
