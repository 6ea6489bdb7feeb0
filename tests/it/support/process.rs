//! Helper processes: runs an ignored test of this binary as a separate process that a test may kill.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, Command, Stdio};

/// A helper process. Dropping it closes its standard input, on which helpers clean up and exit.
pub struct Helper {
    pub child: Child,
    input: Option<ChildStdin>,
    output: BufReader<std::process::ChildStdout>,
}

impl Helper {
    /// Starts the ignored test `name` with `variables` in its environment.
    pub fn start(name: &str, variables: &[(&str, &str)]) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", name, "--ignored", "--nocapture", "--test-threads=1"]);
        command.envs(variables.iter().copied());
        // Ctrl-C must reach only the tests; the helper detects their end and cleans up.
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).process_group(0);
        let mut child = command.spawn().unwrap();
        let (input, output) = (child.stdin.take(), BufReader::new(child.stdout.take().unwrap()));
        Self { child, input, output }
    }

    /// The rest of the first output line that contains `key=`.
    pub fn read(&mut self, key: &str) -> String {
        let key = format!("{key}=");
        let mut line = String::new();
        while self.output.read_line(&mut line).unwrap() > 0 {
            if let Some((_, value)) = line.split_once(&key) {
                return value.trim().to_owned();
            }
            line.clear();
        }
        panic!("the helper exited without printing {key}");
    }

    /// Kills it by SIGKILL, as in a crash.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Lets the helper clean up, and waits for it.
    pub fn finish(&mut self) {
        drop(self.input.take());
        self.child.wait().unwrap();
    }
}

/// In a helper: waits until the parent closes standard input or exits.
pub async fn until_parent_ends() {
    let wait = || std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
    tokio::task::spawn_blocking(wait).await.unwrap().unwrap();
}

/// In a helper: a variable given to [`Helper::start`]; `None` when the test was started by hand.
#[expect(clippy::disallowed_methods, reason = "how a test passes arguments to its helper")]
pub fn argument(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// A clean exit waits until the helpers have exited; after an unclean one they detect it themselves.
#[expect(unsafe_code, reason = "a test harness has no other hook for its end")]
pub fn stop_at_exit(finish: extern "C" fn()) {
    unsafe extern "C" {
        fn atexit(callback: extern "C" fn()) -> std::ffi::c_int;
    }
    // SAFETY: the callback takes nothing, unwinds only into an abort, and touches nothing that exit() destroys.
    unsafe { atexit(finish) };
}
