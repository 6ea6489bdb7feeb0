//! The program: reads the command line and leaves the rest to `fte::cli`.

use std::process::ExitCode;

fn main() -> ExitCode {
    fte::cli::run()
}
