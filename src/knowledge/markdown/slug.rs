//! Heading anchors by GitHub's slug rules: <https://github.com/Flet/github-slugger>.

use std::collections::HashMap;

/// Slugs used so far in one document.
#[derive(Debug, Default)]
pub(super) struct Slugs {
    /// Each slug, with the number of later duplicates.
    given: HashMap<String, u32>,
}

impl Slugs {
    /// A unique slug: lower case, without punctuation, hyphens for spaces, numbered if it is taken.
    pub fn slug(&mut self, heading: &str) -> String {
        self.unique(&plain(heading))
    }

    /// The anchor, numbered if it is taken.
    pub fn unique(&mut self, wished: &str) -> String {
        let mut slug = wished.to_owned();
        while self.given.contains_key(&slug) {
            let again = self.given.entry(wished.to_owned()).or_default();
            *again += 1;
            slug = format!("{wished}-{again}");
        }
        self.given.insert(slug.clone(), 0);
        slug
    }
}

pub(super) fn plain(heading: &str) -> String {
    let kept = |c: &char| c.is_alphanumeric() || *c == '-' || *c == '_' || *c == ' ';
    let hyphened = |c| if c == ' ' { '-' } else { c };
    heading.to_lowercase().chars().filter(kept).map(hyphened).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_get_the_anchors_that_github_gives_them() {
        let mut slugs = Slugs::default();
        for (heading, slug) in [
            ("Reset a forgotten password", "reset-a-forgotten-password"),
            ("What's new? (v2.1)", "whats-new-v21"),
            ("API & webhooks", "api--webhooks"),
            ("snake_case-kept", "snake_case-kept"),
            ("Über uns", "über-uns"),
            ("Foo", "foo"),
            ("Foo", "foo-1"),
            ("Foo 1", "foo-1-1"),
            ("foo!", "foo-2"),
            ("???", ""),
            ("!", "-1"),
        ] {
            assert_eq!(slugs.slug(heading), slug, "{heading}");
        }
    }
}
