//! Architecture tests: the import rules of DESIGN.md section 12, the length of files, that every module says what it is,
//! and that tests wait for states only.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::imports::paths_in;

const MAX_LINES: usize = 400;

/// What everything but `domain` may use.
const SHARED: &[&str] = &["clock", "failpoint", "http_client", "metrics"];

/// Who may use what of this crate beside itself and [`SHARED`]: an entry allows everything below it, `!` refuses what
/// another entry allows. Folders without a rule belong to `main` and may use everything.
const RULES: &[(&str, &[&str])] = &[
    ("domain", &["!clock", "!failpoint", "!http_client", "!metrics"]),
    ("provider", &["domain"]),
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
            "!channels::letters::folder",
            "!channels::staff::webhook",
            "!channels::whatsapp::twilio",
            "!channels::whatsapp::media",
            "!channels::whatsapp::sandbox",
        ],
    ),
    (
        "http",
        &[
            "domain",
            "channels",
            "actors",
            "crm::port::Views",
            "crm::port::CrmError",
            "crm::port::StoreFuture",
        ],
    ),
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

/// The one file in which tests may let time pass.
const WAITS: &str = "support/wait.rs";

#[test]
fn tests_wait_for_states() {
    let mut tests = sources("tests/it");
    tests.retain(|(path, _)| path != Path::new(WAITS));
    tests.extend(
        sources("src").iter().filter_map(|(path, text)| Some((path.clone(), unit_tests(path, text)?))),
    );
    assert!(tests.len() > 100, "the tests were not found");
    let broken: Vec<String> = tests
        .iter()
        .flat_map(|(path, text)| {
            broken_waits(text).into_iter().map(|problem| format!("{}: {problem}", path.display()))
        })
        .collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// The unit tests of a source file: all of one that holds nothing else, and what stands below `#[cfg(test)]` in others.
fn unit_tests(path: &Path, text: &str) -> Option<String> {
    let is_test = |part: &str| part == "tests" || part == "properties";
    if path.with_extension("").iter().any(|part| part.to_str().is_some_and(is_test)) {
        return Some(text.to_owned());
    }
    text.split_once("#[cfg(test)]\nmod ").map(|(_, tests)| tests.to_owned())
}

/// Whatever lets time pass or bounds it beside the helpers, and assertions that rest on time that has passed.
fn broken_waits(text: &str) -> Vec<String> {
    let passes_time = |path: &String| {
        let helper = ["tokio::time", "actix_rt::time", "actix_web::rt::time", "actix::clock"];
        helper.iter().any(|module| path == module || path.starts_with(&format!("{module}::")))
            || path.ends_with("thread::sleep")
    };
    let mut broken: BTreeSet<String> = paths_in(text, &[]).into_iter().filter(passes_time).collect();
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    while let Some(line) = lines.next() {
        if !line.starts_with("pause(") {
            continue;
        }
        let mut end = line;
        while !end.ends_with(';') {
            let Some(next) = lines.next() else { break };
            end = next;
        }
        if lines.clone().next().is_some_and(|next| next.starts_with("assert")) {
            broken.insert(format!("an assertion follows {line}"));
        }
    }
    broken.into_iter().map(|what| format!("{what}: wait for a state, by support::wait")).collect()
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
    fn refuses_bare_waits() {
        let wait = "tokio::time::sleep: wait for a state, by support::wait";
        for text in [
            "async fn f() { tokio::time::sleep(SOON).await; assert!(is_done()); }",
            "use tokio::time::sleep as nap;",
            "use tokio::{net::TcpStream, time::{sleep}};",
        ] {
            assert_eq!(broken_waits(text), [wait], "{text}");
        }
        for text in [
            "use std::thread;\nfn f() { thread::sleep(SOON); }",
            "fn f() { std::thread::sleep(SOON); }",
            "use tokio::time;\nasync fn f() { time::sleep(SOON).await; }",
            "async fn f() { tokio::time::timeout(SOON, g()).await.unwrap(); }",
            "async fn f() { actix_web::rt::time::sleep(SOON).await; }",
            "    pause(\"a while\", SOON).await;\n    // Now.\n    assert_eq!(count, 1);",
            "    pause(\n        \"a while\",\n        SOON,\n    )\n    .await;\n\n    assert!(done);",
        ] {
            assert_eq!(broken_waits(text).len(), 1, "{text}");
        }
    }

    #[test]
    fn accepts_waits_for_states() {
        for text in [
            "use crate::support::wait::{LIMIT, eventually, pause};",
            "// tokio::time::sleep\nconst A: &str = \"tokio::time::sleep(SOON)\";",
            "    pause(\"the provider is away\", OUTAGE).await;\n    provider.comes_back();\n    assert!(done);",
            "let http = builder().timeout(LIMIT);\nlet sql = \"select pg_sleep(1)\";",
        ] {
            assert_eq!(broken_waits(text), Vec::<String>::new(), "{text}");
        }
        let code =
            "fn f() { tokio::time::sleep(PAUSE); }\n\n#[cfg(test)]\nmod tests {\n    use super::*;\n}\n";
        assert_eq!(unit_tests(Path::new("a.rs"), code).map(|tests| broken_waits(&tests)), Some(vec![]));
        assert_eq!(unit_tests(Path::new("a.rs"), "fn f() {}"), None);
        assert!(unit_tests(Path::new("a/tests/cases.rs"), "fn f() {}").is_some());
    }

    #[test]
    fn refuses_long_and_silent_files() {
        assert_eq!(broken_form("//! Says what it is.\n"), Vec::<String>::new());
        assert_eq!(broken_form("use std::fmt;\n"), ["does not begin with //!"]);
        assert_eq!(broken_form(&format!("//! Long.\n{}", "\n".repeat(400))), ["401 lines, more than 400"]);
    }
}
