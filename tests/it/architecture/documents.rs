//! Tests of the documents: links lead somewhere, named tests exist, and the reference of the environment is complete.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::architecture::sources;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Documents whose links and names of tests are checked.
const DOCUMENTS: &[&str] = &[
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "README.md",
    "SECURITY.md",
    "deploy/k8s/README.md",
    "docs",
    "specs",
];

/// Each Markdown file below [`DOCUMENTS`], relative to the project, with its text.
fn documents() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = DOCUMENTS.iter().map(PathBuf::from).collect();
    while let Some(path) = open.pop() {
        let full = Path::new(ROOT).join(&path);
        if full.is_dir() {
            open.extend(fs::read_dir(full).unwrap().map(|entry| path.join(entry.unwrap().file_name())));
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push((path, fs::read_to_string(full).unwrap()));
        }
    }
    assert!(found.len() > 60, "the documents were not found");
    found.sort();
    found
}

/// The text without blocks of code.
fn prose(text: &str) -> String {
    let mut is_code = false;
    let lines = text.lines().filter(|line| {
        is_code ^= line.trim_start().starts_with("```");
        !is_code && !line.starts_with("    ")
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The targets of links that lead to a file of the project or to a heading.
fn links(text: &str) -> Vec<String> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next());
    targets
        .filter(|target| !target.contains("://") && !target.starts_with("mailto:"))
        .map(str::to_owned)
        .collect()
}

/// A heading's anchor, as GitHub makes it.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().to_lowercase();
    let kept = kept.chars().filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

fn anchors(text: &str) -> BTreeSet<String> {
    text.lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| anchor(line.trim_start_matches('#')))
        .collect()
}

fn normalised(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut done, part| {
        match part {
            Component::ParentDir => {
                done.pop();
            }
            Component::CurDir => {}
            Component::Normal(_) | Component::RootDir | Component::Prefix(_) => done.push(part),
        }
        done
    })
}

/// Why a link of the document leads nowhere.
fn broken_link(document: &Path, text: &str, target: &str) -> Option<String> {
    let (file, heading) =
        target.split_once('#').map_or((target, None), |(file, heading)| (file, Some(heading)));
    let path = match file {
        "" => document.to_owned(),
        _ => normalised(&document.parent().unwrap_or(Path::new("")).join(file)),
    };
    let full = Path::new(ROOT).join(&path);
    if !full.exists() {
        return Some(format!("{}: {target} does not exist", document.display()));
    }
    let heading = heading?;
    let linked = if path == document { text.to_owned() } else { fs::read_to_string(full).ok()? };
    (!anchors(&linked).contains(heading))
        .then(|| format!("{}: {target} has no such heading", document.display()))
}

#[test]
fn every_link_leads_to_a_file_and_a_heading() {
    let documents = documents();
    let broken: Vec<String> = documents
        .iter()
        .flat_map(|(path, text)| {
            links(&prose(text)).into_iter().filter_map(|target| broken_link(path, text, &target))
        })
        .collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// The paths of all tests: `module::name`, without `tests` where unit tests are in a module of that name.
fn tests() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for folder in ["src", "tests/it"] {
        for (path, text) in sources(folder) {
            let parts: Vec<_> =
                path.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
            let module: Vec<_> = parts
                .into_iter()
                .filter(|part| !["mod", "tests", "main", "lib"].contains(&part.as_str()))
                .collect();
            let mut lines = text.lines().peekable();
            while let Some(line) = lines.next() {
                if !line.trim_start().starts_with("#[test]")
                    && !line.contains("::test]")
                    && !line.contains("::test(")
                {
                    continue;
                }
                let function = lines.by_ref().find_map(|line| line.split("fn ").nth(1)).unwrap_or_default();
                let name = function.split('(').next().unwrap_or_default();
                found.insert([module.join("::").as_str(), name].join("::"));
            }
        }
    }
    assert!(found.len() > 800, "the tests were not found: {}", found.len());
    found
}

/// The names in back quotes that read as paths of tests: modules, and a sentence.
fn named_tests(text: &str) -> Vec<&str> {
    let quoted = text.split('`').skip(1).step_by(2);
    quoted.filter(|name| is_test_path(name)).collect()
}

fn is_test_path(name: &str) -> bool {
    let is_word = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    let parts: Vec<&str> = name.split("::").collect();
    parts.len() > 1
        && parts.iter().all(|part| is_word(part))
        && parts[parts.len() - 1].matches('_').count() >= 3
}

#[test]
fn every_test_that_a_document_names_exists() {
    let tests = tests();
    let mut checked = 0;
    let mut missing = Vec::new();
    for (path, text) in documents() {
        for name in named_tests(&prose(&text)) {
            checked += 1;
            // Documents may leave the first modules out, as where a table is about one folder.
            let is_there = tests.iter().any(|test| test == name || test.ends_with(&format!("::{name}")));
            if !is_there {
                missing.push(format!("{}: {name}", path.display()));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
    assert!(checked > 80, "only {checked} names were found");
}

#[test]
fn links_headings_and_names_are_recognised() {
    assert_eq!(anchor(" A *cost* of `fte eval`, in 3 steps"), "a-cost-of-fte-eval-in-3-steps");
    assert_eq!(links("see [a](docs/a.md#b), [c](https://c.example) and [d](#e)"), ["docs/a.md#b", "#e"]);
    let document = Path::new("docs/upgrade.md");
    assert!(broken_link(document, "# Here", "#here").is_none());
    assert!(broken_link(document, "# Here", "#there").is_some());
    assert!(
        broken_link(document, "", "../README.md").is_none()
            && broken_link(document, "", "README.md").is_some()
    );
    assert_eq!(named_tests("`a::b_c_d_e` `a::b` `Type::a_b_c_d` `lone_name_of_a_test`"), ["a::b_c_d_e"]);
}
