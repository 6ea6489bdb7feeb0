//! The command line of `fte`.

fn main() {}
