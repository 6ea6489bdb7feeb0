//! Architecture tests: the allowed imports of each folder, no import cycles between files, the length of files, and that
//! every module says what it is.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::imports::paths_in;
use crate::support::module_graph::{Module, Modules, cycles};

const MAX_LINES: usize = 400;

/// What every folder but `domain` may import.
const SHARED: &[&str] = &["clock", "failpoint", "metrics"];

/// What the files of a folder may import beside the folder itself and [`SHARED`]. `a::b` allows what the file of `a::b`
/// defines, `a::b::*` also every module below it. What is not listed is forbidden, so that a new adapter is.
const RULES: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("clock", &[]),
    ("failpoint", &["domain::*"]),
    ("metrics", &[]),
    ("http_client", &[]),
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
            "domain::*",
            "crm::port::*",
            "agent::budgets",
            "agent::hand_over",
            "agent::handbook::*",
            "agent::linking::*",
            "agent::port",
            "agent::sentiment",
            "agent::turn::*",
            "agent::verdict",
            "bus::event",
            "bus::port",
            "bus::topic",
            "bus::watchdog",
            "bus::watermarks",
            "channels::format::*",
            "channels::port",
            "channels::staff",
            "channels::verification",
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
            "actors::ask",
            "actors::messages",
            "actors::store_handle",
            "channels::port",
            "channels::web_form",
            "channels::whatsapp::form",
            "channels::whatsapp::inbound",
            "channels::whatsapp::signature",
            "channels::whatsapp::status",
        ],
    ),
    (
        "config",
        &[
            "domain::*",
            "agent::budgets",
            "agent::openai",
            "agent::openai::prices",
            "bus::kafka",
            "bus::kafka::topics",
            "crm::tls",
            "crm::url",
            "knowledge",
        ],
    ),
    ("embedded", &["config::paths"]),
    ("telemetry", &["config", "config::log"]),
    ("fakes", &[]),
];

/// The composition root: it may import everything.
const ROOT: &[&str] = &["", "main", "lib", "cli"];

/// The only dependencies that `domain` may use, beside the standard library.
const DOMAIN_CRATES: &[&str] = &["serde", "time", "uuid", "thiserror"];

/// Cycles that are still to be broken. A cycle that is not here fails the test, and so does one here that is gone.
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
    assert!(broken.is_empty(), "these cycles are gone; take them out of KNOWN_CYCLES: {broken:#?}");
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

/// The router and the OpenAPI document are built from the same endpoints; what went past them would be undocumented.
#[test]
fn routes_are_registered_by_the_router_alone() {
    let registers =
        |text: &str| [".service(", "web::scope(", "web::resource("].iter().any(|call| text.contains(call));
    let files: Vec<PathBuf> =
        sources("src/http").into_iter().filter(|(_, text)| registers(text)).map(|(path, _)| path).collect();
    assert_eq!(files, [Path::new("server/router.rs")]);
}

/// Every `.rs` file below `folder`, by its path from there.
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

    /// The modules beside the one under check, with what they re-export.
    const OTHERS: &[(&str, &str)] = &[
        ("actors", ""),
        ("agent", ""),
        ("agent::openai", ""),
        ("agent::turn", ""),
        ("bus", "pub use self::kafka::Log;"),
        ("bus::kafka", ""),
        ("bus::port", ""),
        ("channels::whatsapp", "pub use self::form::Form; pub use self::twilio::Twilio;"),
        ("channels::whatsapp::form", ""),
        ("channels::whatsapp::twilio", ""),
        ("clock", ""),
        ("crm", ""),
        ("crm::connect", ""),
        ("crm::port", ""),
        ("crm::tls", ""),
        ("domain", ""),
        ("domain::ids", ""),
        ("knowledge", ""),
    ];

    fn module(name: &str) -> Module {
        name.split("::").map(str::to_owned).collect()
    }

    fn check(name: &str, text: &str) -> Vec<String> {
        let sources = OTHERS.iter().copied().chain([(name, text)]);
        let modules = Modules::new(sources.map(|(name, text)| (module(name), text)));
        broken_imports(&modules, &module(name), text, &dependencies())
    }

    /// Module, code, the complaint.
    const FORBIDDEN: &[(&str, &str, &str)] = &[
        ("crm::intake", "use crate::bus::Event;", "crm::intake uses crate::bus::Event"),
        ("crm", "use super::agent::Turn;", "crm uses crate::agent::Turn"),
        ("agent", "use crate::{\n  domain::Id,\n  crm::{Port, self},\n};", "agent uses crate::crm::Port"),
        (
            "bus",
            "fn f() { let _ = crate::channels::whatsapp::f(); }",
            "bus uses crate::channels::whatsapp::f",
        ),
        ("bus", "pub(super) use crate::knowledge::Hit;", "bus uses crate::knowledge::Hit"),
        ("bus", "use crate::*;", "bus uses crate::*"),
        ("actors", "use crate::crm::connect::Connector;", "actors uses crate::crm::connect::Connector"),
        ("actors", "use crate::agent::openai::Model;", "actors uses crate::agent::openai::Model"),
        ("actors", "use crate::bus::Log;", "actors uses crate::bus::Log"),
        ("actors", "use crate::bus;", "actors uses crate::bus"),
        ("http::submit", "use crate::crm::connect::Pool;", "http::submit uses crate::crm::connect::Pool"),
        ("http", "use crate::channels::whatsapp::Twilio;", "http uses crate::channels::whatsapp::Twilio"),
        ("http", "use crate::channels::whatsapp::{self};", "http uses crate::channels::whatsapp"),
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
        ("actors", "use crate::agent::turn::Turn;\nuse crate::crm::port::Crm;\nuse crate::bus::port::Log;"),
        ("http", "use crate::channels::whatsapp::{Form};\nuse crate::crm::port::Crm;"),
        ("domain::ticket", "use Status::*;\nuse std::fmt;\nuse time::OffsetDateTime;\nuse super::ids::Id;"),
        ("cli", "use crate::crm::connect::Connector;"),
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

    fn cycles_of(sources: &[(&str, &str)]) -> Vec<String> {
        let modules = Modules::new(sources.iter().map(|(name, text)| (module(name), *text)));
        cycle_names(&modules).into_iter().collect()
    }

    #[test]
    fn finds_cycles_of_any_length() {
        let two = [("a::x", "use super::y::Y;"), ("a::y", "fn f() { crate::a::x::f(); }"), ("a", "")];
        assert_eq!(cycles_of(&two), ["a::x <-> a::y"]);
        let three = [("x", "use crate::y::Y;"), ("y", "use crate::z::Z;"), ("z", "use crate::x::X;")];
        assert_eq!(cycles_of(&three), ["x <-> y <-> z"]);
        let through_a_name =
            [("a", "pub use self::y::Y;"), ("a::x", "use super::Y;"), ("a::y", "use super::x::X;")];
        assert_eq!(cycles_of(&through_a_name), ["a::x <-> a::y"]);
        let through_a_child =
            [("a", "use self::b::B;"), ("a::b", "use crate::c::C;"), ("c", "use crate::a::A;")];
        assert_eq!(cycles_of(&through_a_child), ["a <-> a::b <-> c"]);
    }

    #[test]
    fn a_module_and_its_parts_are_no_cycle() {
        let parent = [("a", "use self::b::B; struct A;"), ("a::b", "use super::A;")];
        assert_eq!(cycles_of(&parent), Vec::<String>::new());
        let facade =
            [("a", "pub use self::x::X; pub use self::y::Y;"), ("a::x", "use super::Y;"), ("a::y", "")];
        assert_eq!(cycles_of(&facade), Vec::<String>::new());
        let tests = [("x", "use crate::y::Y;"), ("y", "mod tests { use crate::x::X; }")];
        assert_eq!(cycles_of(&tests), Vec::<String>::new());
    }

    #[test]
    fn refuses_long_and_silent_files() {
        assert_eq!(broken_form("//! Says what it is.\n"), Vec::<String>::new());
        assert_eq!(broken_form("use std::fmt;\n"), ["does not begin with //!"]);
        assert_eq!(broken_form(&format!("//! Long.\n{}", "\n".repeat(400))), ["401 lines, more than 400"]);
    }
}
