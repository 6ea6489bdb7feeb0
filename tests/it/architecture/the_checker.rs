//! Tests of the architecture checker itself: what it refuses and what it accepts.

use super::*;

/// The modules besides the one under test, with their re-exports.
const OTHERS: &[(&str, &str)] = &[
    ("actors", ""),
    ("agent", ""),
    ("agent::models::openai", ""),
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

/// Module, code, the expected finding.
const FORBIDDEN: &[(&str, &str, &str)] = &[
    ("crm::intake", "use crate::bus::Event;", "crm::intake uses crate::bus::Event"),
    ("crm", "use super::agent::Turn;", "crm uses crate::agent::Turn"),
    ("agent", "use crate::{\n  domain::Id,\n  crm::{Port, self},\n};", "agent uses crate::crm::Port"),
    ("bus", "fn f() { let _ = crate::channels::whatsapp::f(); }", "bus uses crate::channels::whatsapp::f"),
    ("bus", "pub(super) use crate::knowledge::Hit;", "bus uses crate::knowledge::Hit"),
    ("bus", "use crate::*;", "bus uses crate::*"),
    ("actors", "use crate::crm::connect::Connector;", "actors uses crate::crm::connect::Connector"),
    ("actors", "use crate::agent::models::openai::Model;", "actors uses crate::agent::models::openai::Model"),
    ("actors", "use crate::bus::Log;", "actors uses crate::bus::Log"),
    ("actors", "use crate::bus;", "actors uses crate::bus"),
    ("http::submit", "use crate::crm::connect::Pool;", "http::submit uses crate::crm::connect::Pool"),
    ("http", "use crate::channels::whatsapp::Twilio;", "http uses crate::channels::whatsapp::Twilio"),
    ("http", "use crate::channels::whatsapp::{self};", "http uses crate::channels::whatsapp"),
    ("domain::ids", "use crate::clock;", "domain::ids uses crate::clock"),
    ("domain", "use tokio::time::sleep;", "domain uses tokio::time::sleep"),
    ("domain", "fn f() { tracing::info!(\"x\"); }", "domain uses tracing::info"),
    ("domain", "use serde_json::Value;", "domain uses serde_json::Value"),
    ("crm::a", "mod t { mod u { use super::super::super::super::bus::X; } }", "crm::a uses crate::bus::X"),
];

const ALLOWED: &[(&str, &str)] = &[
    ("crm::intake", "use crate::clock;\nuse crate::domain::{Inquiry, ids::*};\nuse tokio_postgres::Client;"),
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
    for (module, text, finding) in FORBIDDEN {
        let found = check(module, text);
        assert!(found.iter().any(|found| found == finding), "{text}: {found:?}");
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
    let through_a_child = [("a", "use self::b::B;"), ("a::b", "use crate::c::C;"), ("c", "use crate::a::A;")];
    assert_eq!(cycles_of(&through_a_child), ["a <-> a::b <-> c"]);
}

#[test]
fn a_module_and_its_submodules_are_no_cycle() {
    let parent = [("a", "use self::b::B; struct A;"), ("a::b", "use super::A;")];
    assert_eq!(cycles_of(&parent), Vec::<String>::new());
    let facade = [("a", "pub use self::x::X; pub use self::y::Y;"), ("a::x", "use super::Y;"), ("a::y", "")];
    assert_eq!(cycles_of(&facade), Vec::<String>::new());
    let tests = [("x", "use crate::y::Y;"), ("y", "mod tests { use crate::x::X; }")];
    assert_eq!(cycles_of(&tests), Vec::<String>::new());
}

#[test]
fn refuses_fixed_waits() {
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
    let code = "fn f() { tokio::time::sleep(PAUSE); }\n\n#[cfg(test)]\nmod tests {\n    use super::*;\n}\n";
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
