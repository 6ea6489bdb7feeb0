//! Naming test: no type name of `src` occurs twice, so that a search for it finds one definition.

use std::collections::BTreeMap;
use std::path::Path;

use crate::architecture::sources;

#[test]
fn no_type_name_occurs_twice() {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, text) in sources("src").iter().filter(|(path, _)| !is_test(path)) {
        let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
        for name in code.lines().filter_map(defined) {
            found.entry(name.to_owned()).or_default().push(path.display().to_string());
        }
    }
    assert!(found.len() > 300, "the types were not found");
    found.retain(|_, files| files.len() > 1);
    assert!(found.is_empty(), "{found:#?}");
}

fn is_test(path: &Path) -> bool {
    let is_test = |part: &str| ["tests", "properties"].contains(&part);
    path.with_extension("").iter().any(|part| part.to_str().is_some_and(is_test))
}

/// The type that a line at the top level of a file defines.
fn defined(line: &str) -> Option<&str> {
    let line = line.strip_prefix("pub").map_or(line, |rest| {
        rest.strip_prefix('(').and_then(|rest| rest.split_once(") ")).map_or(rest, |(_, rest)| rest)
    });
    let (kind, rest) = line.trim_start_matches(' ').split_once(' ')?;
    let is_type = ["struct", "enum", "trait", "type", "union"].contains(&kind);
    let name = rest.split(|c: char| !c.is_alphanumeric() && c != '_').next()?;
    (is_type && !line.starts_with("  ")).then_some(name)
}

#[test]
fn definitions_are_recognised() {
    for line in ["struct A;", "pub enum A {", "pub(super) trait A<T> {", "pub(in crate::agent) type A = u8;"]
    {
        assert_eq!(defined(line), Some("A"), "{line}");
    }
    for line in ["    type A = u8;", "fn struct_a() {", "// struct A", "impl A {", "let a = 1;"] {
        assert_eq!(defined(line), None, "{line}");
    }
}
