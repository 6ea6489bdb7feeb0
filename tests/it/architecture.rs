//! Keeps the import rules of DESIGN.md section 12, the length of files, and that every module says what it is.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::imports::paths_in;

const MAX_LINES: usize = 400;

/// What everything but `domain` may use.
const SHARED: &[&str] = &["clock", "failpoint"];

/// Who may use what of this crate beside itself and [`SHARED`]: an entry allows everything below it, `!` refuses what
/// another entry allows. Folders without a rule belong to `main` and may use everything.
const RULES: &[(&str, &[&str])] = &[
    ("domain", &["!clock", "!failpoint"]),
    ("provider", &[]),
    ("agent", &["domain", "provider"]),
    ("knowledge", &["domain", "provider"]),
    ("bus", &["domain"]),
    ("channels", &["domain"]),
    ("crm", &["domain"]),
    (
        "actors",
        &[
            "domain",
            "crm::port",
            "agent",
            "!agent::scripted",
            "!agent::openai",
            "knowledge",
            "!knowledge::minilm",
            "!knowledge::openai",
            "bus",
            "!bus::kafka",
            "!bus::local",
            "channels",
            "!channels::verification::folder",
            "!channels::staff::webhook",
            "!channels::whatsapp",
        ],
    ),
    ("http", &["domain", "channels", "actors"]),
    ("mcp", &["domain", "channels", "actors"]),
];

/// The only dependencies that `domain` may use, beside the standard library.
const DOMAIN_CRATES: &[&str] = &["serde", "time", "uuid", "thiserror"];

#[test]
fn imports_follow_the_design() {
    let dependencies = dependencies();
    let broken: Vec<String> = sources("src")
        .iter()
        .flat_map(|(path, text)| broken_imports(&module_of(path), text, &dependencies))
        .collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn files_are_short_and_say_what_they_are() {
    let files: Vec<_> = ["src", "tests"].iter().flat_map(|folder| sources(folder)).collect();
    assert!(files.len() > 20, "the sources were not found");
    let broken: Vec<String> = files
        .iter()
        .flat_map(|(path, text)| {
            broken_form(text).into_iter().map(|problem| format!("{}: {problem}", path.display()))
        })
        .collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// Adapters translate their provider's error codes, as Twilio's 21610 and 63016, into typed causes.
#[test]
fn functions_of_the_database_read_no_codes_of_providers() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/functions");
    let mut files = 0;
    for entry in fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let mut numbers = text.split(|c: char| !c.is_ascii_digit());
        let code = numbers.find(|number| number.len() == 5 && ["21", "30", "63"].contains(&&number[..2]));
        assert_eq!(code, None, "{}", path.display());
        files += 1;
    }
    assert!(files > 10, "the functions were not found");
}

/// Every `.rs` file below `folder`, by its path from there.
fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let (mut found, mut folders) = (Vec::new(), vec![root.clone()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path.strip_prefix(&root).unwrap().to_owned(), text));
            }
        }
    }
    found.sort();
    found
}

/// `crm/connect.rs` is `["crm", "connect"]`, `crm/mod.rs` is `["crm"]`.
fn module_of(path: &Path) -> Vec<String> {
    let mut module: Vec<String> =
        path.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if module.last().is_some_and(|last| last == "mod") {
        module.pop();
    }
    module
}

fn broken_form(text: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let lines = text.lines().count();
    if lines > MAX_LINES {
        problems.push(format!("{lines} lines, more than {MAX_LINES}"));
    }
    if !text.starts_with("//!") {
        problems.push("does not begin with //!".to_owned());
    }
    problems
}

fn broken_imports(module: &[String], text: &str, dependencies: &[String]) -> Vec<String> {
    let folder = module.first().map_or("", String::as_str);
    let Some((_, rules)) = RULES.iter().find(|(name, _)| *name == folder) else {
        return Vec::new();
    };
    let is_broken = |path: &String| match path.strip_prefix("crate::") {
        Some(local) => !is_allowed(local, folder, rules),
        None => folder == "domain" && is_foreign(path, dependencies),
    };
    let broken: BTreeSet<String> = paths_in(text, module).into_iter().filter(is_broken).collect();
    broken.into_iter().map(|path| format!("{} uses {path}", module.join("::"))).collect()
}

fn is_allowed(path: &str, folder: &str, rules: &[&str]) -> bool {
    let covers = |prefix: &str| path == prefix || path.starts_with(&format!("{prefix}::"));
    let refused = rules.iter().filter_map(|rule| rule.strip_prefix('!')).any(covers);
    !refused && (covers(folder) || rules.iter().chain(SHARED).any(|rule| covers(rule)))
}

fn is_foreign(path: &str, dependencies: &[String]) -> bool {
    let first = path.split("::").next().unwrap_or_default();
    dependencies.iter().any(|name| name == first) && !DOMAIN_CRATES.contains(&first)
}

/// The names of the dependencies as code writes them.
fn dependencies() -> Vec<String> {
    let manifest = include_str!("../../Cargo.toml");
    let (_, rest) = manifest.split_once("[dependencies]\n").unwrap();
    let names =
        rest.lines().take_while(|line| !line.starts_with('[')).filter_map(|line| line.split_once(" = "));
    names.map(|(name, _)| name.replace('-', "_")).collect()
}

mod the_checker {
    use super::*;

    fn check(module: &str, text: &str) -> Vec<String> {
        let module: Vec<String> = module.split("::").map(str::to_owned).collect();
        broken_imports(&module, text, &dependencies())
    }

    /// Module, code, the complaint.
    const FORBIDDEN: &[(&str, &str, &str)] = &[
        ("crm::intake", "use crate::bus::Event;", "crm::intake uses crate::bus::Event"),
        ("crm", "use super::agent::Turn;", "crm uses crate::agent::Turn"),
        ("agent", "use crate::{\n  domain::Id,\n  crm::{Port, self},\n};", "agent uses crate::crm::Port"),
        ("bus", "fn f() { let _ = crate::channels::parse(); }", "bus uses crate::channels::parse"),
        ("bus", "pub(super) use crate::knowledge::Hit;", "bus uses crate::knowledge::Hit"),
        ("bus", "use crate::*;", "bus uses crate::*"),
        ("actors", "use crate::crm::connect::Connector;", "actors uses crate::crm::connect::Connector"),
        ("actors", "use crate::agent::scripted::Model;", "actors uses crate::agent::scripted::Model"),
        ("http::submit", "use crate::crm::port::Crm;", "http::submit uses crate::crm::port::Crm"),
        ("domain::ids", "use crate::clock;", "domain::ids uses crate::clock"),
        ("domain", "use tokio::time::sleep;", "domain uses tokio::time::sleep"),
        ("domain", "fn f() { tracing::info!(\"x\"); }", "domain uses tracing::info"),
        ("domain", "use serde_json::Value;", "domain uses serde_json::Value"),
        (
            "crm::a",
            "mod t { mod u { use super::super::super::super::bus::X; } }",
            "crm::a uses crate::bus::X",
        ),
    ];

    const ALLOWED: &[(&str, &str)] = &[
        (
            "crm::intake",
            "use crate::clock;\nuse crate::domain::{Inquiry, ids::*};\nuse tokio_postgres::Client;",
        ),
        ("crm::connect", "use super::tls::Mode;\nmod tests { use super::super::tls::Mode; use super::*; }"),
        ("crm", "// use crate::bus::Event;\n/* crate::bus */ const A: &str = \"crate::bus::X\";"),
        ("crm", "const A: &str = r#\"use crate::bus::X; \"#; const B: char = '\"'; const C: char = '\\\"';"),
        ("actors", "use crate::agent::turn::Turn;\nuse crate::crm::port::Crm;\nuse crate::bus::Log;"),
        ("domain::ticket", "use Status::*;\nuse std::fmt;\nuse time::OffsetDateTime;\nuse super::ids::Id;"),
        ("config", "use crate::crm::connect::Connector;"),
    ];

    #[test]
    fn refuses_what_the_design_forbids() {
        for (module, text, complaint) in FORBIDDEN {
            let found = check(module, text);
            assert!(found.iter().any(|found| found == complaint), "{text}: {found:?}");
        }
    }

    #[test]
    fn accepts_what_the_design_allows() {
        for (module, text) in ALLOWED {
            assert_eq!(check(module, text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn refuses_long_and_silent_files() {
        assert_eq!(broken_form("//! Says what it is.\n"), Vec::<String>::new());
        assert_eq!(broken_form("use std::fmt;\n"), ["does not begin with //!"]);
        assert_eq!(broken_form(&format!("//! Long.\n{}", "\n".repeat(400))), ["401 lines, more than 400"]);
    }
}
