//! Rebuilds the crate when a migration or an exported page is added, which the embedding macros cannot notice by
//! themselves.

use std::path::Path;

/// The exported pages, as `make web` leaves them.
const PAGES: &str = "web-form/out";

fn main() {
    println!("cargo::rerun-if-changed=migrations");
    println!("cargo::rerun-if-changed=build.rs");
    // A folder that is missing would be taken as changed at every build. `make web` touches this file once it has made it.
    if Path::new(PAGES).is_dir() {
        println!("cargo::rerun-if-changed={PAGES}");
    }
}
