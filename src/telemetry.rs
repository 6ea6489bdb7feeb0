//! Structured logging on standard error: readable lines in development, JSON elsewhere. Commands use standard output.

use std::io::IsTerminal;

use tracing::subscriber::SetGlobalDefaultError;
use tracing_subscriber::EnvFilter;

use crate::config::{LogConfig, LogFormat};

/// Installs the subscriber that writes every event of the process to standard error. A second call is an error.
pub fn init(log: &LogConfig) -> Result<(), SetGlobalDefaultError> {
    // actix-server's lines on its threads repeat ours.
    let filter = EnvFilter::new(format!("actix_server=warn,{}", log.filter));
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
