//! A lint for tests: they wait for states, with the helpers of `support::wait`, and never for time alone.

use std::collections::BTreeSet;
use std::path::Path;

use crate::architecture::sources;
use crate::support::imports::paths_in;

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

mod the_checker {
    use super::*;

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
}
