//! The program: reads the command line and leaves the rest to `fte::cli`.

use std::process::ExitCode;

/// By these the libraries below `knowledge::minilm` choose how many threads to compute with. They would take every
/// core; the number of threads is our own choice there, so that embedding never starves customers.
const THREADS_OF_LIBRARIES: [&str; 2] = ["CANDLE_NUM_THREADS", "RAYON_NUM_THREADS"];

fn main() -> ExitCode {
    for variable in THREADS_OF_LIBRARIES {
        set_to_one(variable);
    }
    fte::cli::run()
}

#[expect(unsafe_code, reason = "those libraries are told in no other way")]
fn set_to_one(variable: &str) {
    // SAFETY: no other thread exists yet that could read the environment meanwhile.
    unsafe { std::env::set_var(variable, "1") };
}
