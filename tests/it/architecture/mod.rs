//! Architecture tests: allowed imports of each folder, no import cycles between files, file lengths, a `//!` on every
//! module, and no fixed waits in tests.

mod documents;
mod names;
mod the_checker;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::imports::paths_in;
use crate::support::module_graph::{Module, Modules, cycles};

const MAX_LINES: usize = 400;

/// Modules that every folder but `domain` may import.
const SHARED: &[&str] = &["clock", "failpoint", "live_secret", "metrics", "trace"];

/// What the files of a folder may import besides the folder itself and [`SHARED`]. `a::b` allows items defined in the
/// file of `a::b`, `a::b::*` also every module below it. Everything else is forbidden, including a new adapter.
const RULES: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("clock", &[]),
    ("failpoint", &["domain::*"]),
    ("live_secret", &[]),
    ("metrics", &[]),
    ("trace", &["domain::runtime::trace_parent"]),
    ("http_client", &[]),
    ("accounts", &[]),
    ("provider", &["domain::*", "http_client"]),
    ("agent", &["domain::*", "provider::*"]),
    ("knowledge", &["domain::*", "provider::*"]),
    ("bus", &["domain::*"]),
    ("channels", &["domain::*", "http_client"]),
    ("crm", &["domain::*"]),
    // Ports and pure modules, no adapters.
    (
        "actors",
        &[
            "accounts::*",
            "domain::*",
            "crm::port::*",
            "agent::handbook::*",
            "agent::linking::*",
            "agent::port",
            "agent::reading::sentiment",
            "agent::reply::hand_over",
            "agent::reply::review",
            "agent::summary",
            "agent::turn",
            "agent::turn::budgets",
            "agent::turn::replay",
            "agent::turn::verdict",
            "bus::event",
            "bus::port",
            "bus::topic",
            "bus::watchdog",
            "bus::watermarks",
            "channels::format::*",
            "channels::outgoing",
            "channels::port",
            "channels::reports::*",
            "channels::staff",
            "channels::staff::mail",
            "channels::verification",
            "knowledge::articles",
            "knowledge::port",
            "knowledge::question",
        ],
    ),
    // Actors' messages, the channels' parsers, ports.
    (
        "http",
        &[
            "domain::*",
            "crm::port::*",
            "actors::messages::*",
            "actors::runtime::ask",
            "actors::store::store_handle",
            "channels::email::html_view",
            "channels::fields",
            "channels::json_object",
            "channels::port",
            "channels::web_form",
            "channels::web_form::identity",
            "channels::web_form::requests",
            "channels::whatsapp::form",
            "channels::whatsapp::inbound",
            "channels::whatsapp::signature",
            "channels::whatsapp::status",
            "mcp::*",
        ],
    ),
    // As `http`, which hands requests to it.
    (
        "mcp",
        &[
            "domain::*",
            "crm::port::*",
            "actors::messages::*",
            "actors::runtime::ask",
            "actors::store::store_handle",
            "channels::fields",
            "channels::port",
            "channels::web_form::*",
        ],
    ),
    (
        "config",
        &[
            "domain::*",
            "agent::models::openai",
            "agent::models::openai::prices",
            "agent::turn::budgets",
            "bus::kafka",
            "bus::kafka::topics",
            "crm::tls",
            "crm::url",
            "knowledge",
        ],
    ),
    ("embedded", &["config::paths"]),
    ("telemetry", &["config", "config::log", "config::traces", "http_client"]),
    ("fakes", &[]),
];

/// The composition root: it may import everything.
const ROOT: &[&str] = &["", "main", "lib", "cli"];

/// The only dependencies that `domain` may use besides the standard library.
const DOMAIN_CRATES: &[&str] = &["idna", "serde", "time", "uuid", "thiserror"];

/// Import cycles that still have to be removed. The test fails for a cycle missing from this list and for a listed
/// cycle that no longer exists.
const KNOWN_CYCLES: &[&[&str]] = &[];

#[test]
fn imports_follow_the_design() {
    let (sources, dependencies) = (sources("src"), dependencies());
    let modules = modules(&sources);
    let broken: Vec<String> = sources
        .iter()
        .flat_map(|(path, text)| broken_imports(&modules, &module_of(path), text, &dependencies))
        .collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_folder_has_import_rules_and_every_rule_names_modules() {
    let modules: BTreeSet<String> =
        sources("src").iter().map(|(path, _)| module_of(path).join("::")).collect();
    let folders: BTreeSet<String> =
        sources("src").iter().map(|(path, _)| folder_of(&module_of(path))).collect();
    assert!(folders.len() > 10, "the sources were not found");
    for folder in folders {
        let has_rules = RULES.iter().any(|(name, _)| *name == folder);
        assert!(has_rules || ROOT.contains(&folder.as_str()), "there is no import rule for {folder}");
    }
    let named = RULES.iter().flat_map(|(folder, allowed)| allowed.iter().chain([folder])).chain(SHARED);
    for name in named.map(|name| name.trim_end_matches("::*")) {
        assert!(modules.contains(name), "an import rule names {name}, which is no module");
    }
}

#[test]
fn files_do_not_import_each_other_in_cycles() {
    let found = cycle_names(&modules(&sources("src")));
    let known: BTreeSet<String> = KNOWN_CYCLES.iter().map(|cycle| cycle.join(" <-> ")).collect();
    let new: Vec<&String> = found.difference(&known).collect();
    assert!(new.is_empty(), "new import cycles: {new:#?}");
    let broken: Vec<&String> = known.difference(&found).collect();
    assert!(broken.is_empty(), "these cycles no longer exist; remove them from KNOWN_CYCLES: {broken:#?}");
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

/// The router and the OpenAPI document are built from the same endpoints; what went past them would be undocumented.
#[test]
fn routes_are_registered_by_the_router_alone() {
    let registers =
        |text: &str| [".service(", "web::scope(", "web::resource("].iter().any(|call| text.contains(call));
    let files: Vec<PathBuf> =
        sources("src/http").into_iter().filter(|(_, text)| registers(text)).map(|(path, _)| path).collect();
    assert_eq!(files, [Path::new("server/router.rs")]);
}

/// The only file in which tests may sleep.
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

/// The unit tests of a source file: the whole text of a test-only file, and the text below `#[cfg(test)]` of others.
fn unit_tests(path: &Path, text: &str) -> Option<String> {
    let is_test = |part: &str| part == "tests" || part == "properties";
    if path.with_extension("").iter().any(|part| part.to_str().is_some_and(is_test)) {
        return Some(text.to_owned());
    }
    text.split_once("#[cfg(test)]\nmod ").map(|(_, tests)| tests.to_owned())
}

/// Sleeps and time-outs outside the wait helpers, and assertions that depend on elapsed time.
fn broken_waits(text: &str) -> Vec<String> {
    let passes_time = |path: &String| {
        let helper = ["tokio::time", "actix_rt::time", "actix_web::rt::time", "actix::clock"];
        helper.iter().any(|module| path == module || path.starts_with(&format!("{module}::")))
            || path.ends_with("thread::sleep")
    };
    let mut broken: BTreeSet<String> =
        paths_in(text, &[]).into_iter().map(|used| used.path).filter(passes_time).collect();
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

/// Every `.rs` file below `folder`, with its path relative to it.
pub fn sources(folder: &str) -> Vec<(PathBuf, String)> {
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

fn modules(sources: &[(PathBuf, String)]) -> Modules {
    Modules::new(sources.iter().map(|(path, text)| (module_of(path), text.as_str())))
}

/// Each cycle with the paths of its modules in alphabetical order.
fn cycle_names(modules: &Modules) -> BTreeSet<String> {
    let name = |cycle: BTreeSet<Module>| {
        let names: Vec<String> = cycle.iter().map(|module| module.join("::")).collect();
        names.join(" <-> ")
    };
    cycles(&modules.dependencies()).into_iter().map(name).collect()
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

fn folder_of(module: &[String]) -> String {
    module.first().cloned().unwrap_or_default()
}

fn broken_imports(modules: &Modules, module: &[String], text: &str, dependencies: &[String]) -> Vec<String> {
    let folder = folder_of(module);
    let Some((_, rules)) = RULES.iter().find(|(name, _)| *name == folder) else {
        return Vec::new();
    };
    let is_broken = |path: &str| match modules.resolve(module, path) {
        Some((target, _)) => !is_allowed(&target, &folder, rules),
        None => folder == "domain" && is_foreign(path, dependencies),
    };
    let used: BTreeSet<String> = paths_in(text, module).into_iter().map(|used| used.path).collect();
    let broken = used.iter().filter(|path| is_broken(path));
    broken.map(|path| format!("{} uses {path}", module.join("::"))).collect()
}

/// Whether a file of `folder` may use what the module `target` defines.
fn is_allowed(target: &[String], folder: &str, rules: &[&str]) -> bool {
    let shared = if folder == "domain" { &[] } else { SHARED };
    let covers = |rule: &&str| match rule.strip_suffix("::*") {
        Some(parent) => target.starts_with(&parent.split("::").map(str::to_owned).collect::<Vec<_>>()),
        None => target.join("::") == *rule,
    };
    folder_of(target) == folder || rules.iter().chain(shared).any(covers)
}

fn is_foreign(path: &str, dependencies: &[String]) -> bool {
    let first = path.split("::").next().unwrap_or_default();
    dependencies.iter().any(|name| name == first) && !DOMAIN_CRATES.contains(&first)
}

/// The names of the dependencies as written in code.
fn dependencies() -> Vec<String> {
    let manifest = include_str!("../../../Cargo.toml");
    let (_, rest) = manifest.split_once("[dependencies]\n").unwrap();
    let names =
        rest.lines().take_while(|line| !line.starts_with('[')).filter_map(|line| line.split_once(" = "));
    names.map(|(name, _)| name.replace('-', "_")).collect()
}
