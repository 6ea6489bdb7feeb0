//! Log lines on standard error: for people in development, JSON elsewhere. Standard output belongs to commands.

use std::io::IsTerminal;

use tracing::subscriber::SetGlobalDefaultError;
use tracing_subscriber::EnvFilter;

use crate::config::{LogConfig, LogFormat};

/// Sends every event of the process to standard error. A second call is an error.
pub fn init(log: &LogConfig) -> Result<(), SetGlobalDefaultError> {
    // The client of the model logs what it can't read, which may be a customer's words; we report what matters of it.
    // What actix-server says of its threads adds nothing to our own lines, and follows the listening line.
    let filter = EnvFilter::new(format!("actix_server=warn,{},async_openai=off", log.filter));
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    match log.format {
        LogFormat::Human => tracing::subscriber::set_global_default(lines.finish()),
        LogFormat::Json => {
            let lines = lines.json().flatten_event(true).with_current_span(false);
            tracing::subscriber::set_global_default(lines.finish())
        }
    }
}
