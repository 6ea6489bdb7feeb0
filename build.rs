//! Rebuilds the crate when a migration or an exported page is added, which the embedding macros cannot notice by
//! themselves, and stamps the version with the commit.

use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=migrations");
    // `make web` touches this file whenever it has built the pages: a watched folder would have to exist already.
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-env=FTE_VERSION={}", version());
}

/// The version with the commit. A release build states the exact one and follows each new commit. Other builds name the
/// commit that they are based on: following it would compile the crate again after every commit.
fn version() -> String {
    let version = variable("CARGO_PKG_VERSION").unwrap_or_default();
    // The build of an image has no repository; it passes the commit.
    println!("cargo::rerun-if-env-changed=FTE_COMMIT");
    if let Some(commit) = variable("FTE_COMMIT") {
        return format!("{version} ({commit})");
    }
    let Some(commit) = git(&["rev-parse", "--short=12", "HEAD"]) else {
        return format!("{version} (unknown commit)");
    };
    if variable("PROFILE").as_deref() != Some("release") {
        return format!("{version} (development build, based on {commit})");
    }
    for watched in ["HEAD", "logs/HEAD"] {
        // A path that is missing would run this script at every build.
        if let Some(path) = git(&["rev-parse", "--git-path", watched])
            && std::path::Path::new(&path).exists()
        {
            println!("cargo::rerun-if-changed={path}");
        }
    }
    let is_changed = git(&["status", "--porcelain", "--untracked-files=no"]).is_some();
    format!("{version} ({commit}{})", if is_changed { ", with changes" } else { "" })
}

/// The output of a successful git command that printed something.
fn git(arguments: &[&str]) -> Option<String> {
    let output =
        Command::new("git").args(arguments).output().ok().filter(|output| output.status.success())?;
    let text = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (!text.is_empty()).then_some(text)
}

#[expect(clippy::disallowed_methods, reason = "cargo passes everything to build scripts by the environment")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
