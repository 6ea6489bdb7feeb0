//! Rebuilds the crate when a migration is added, which the embedding macro cannot notice by itself.

fn main() {
    println!("cargo::rerun-if-changed=migrations");
}
