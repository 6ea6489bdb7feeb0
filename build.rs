//! Rebuilds the crate when a migration or an exported page is added, which the embedding macros cannot notice by
//! themselves.

fn main() {
    println!("cargo::rerun-if-changed=migrations");
    // `make web` touches this file whenever it has built the pages: a watched folder would have to exist already.
    println!("cargo::rerun-if-changed=build.rs");
}
