//! Settings of the log: filter and format.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use super::Environment;
use super::reader::Reader;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogConfig {
    /// In the syntax of `tracing_subscriber::EnvFilter`; known to be valid.
    pub filter: String,
    pub format: LogFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    Human,
    Json,
}

pub(super) fn read(reader: &mut Reader<'_>, environment: Environment) -> LogConfig {
    let filter = reader.parse(
        "LOG_LEVEL",
        "error, warn, info, debug, trace, off, or a list such as `info,fte::crm=debug`",
        |value| is_filter(value).then(|| value.to_owned()),
    );
    LogConfig {
        filter: filter.unwrap_or_else(|| "info".into()),
        format: match environment {
            Environment::Development => LogFormat::Human,
            Environment::Production => LogFormat::Json,
        },
    }
}

/// `EnvFilter` reads a bare word that is not a level as a module, so that a misspelt level would silence everything.
fn is_filter(value: &str) -> bool {
    let is_level_or_directive =
        |part: &str| part.contains(['=', '[']) || part.trim().parse::<LevelFilter>().is_ok();
    EnvFilter::try_new(value).is_ok() && value.split(',').all(is_level_or_directive)
}

#[cfg(test)]
mod tests {
    use super::is_filter;

    #[test]
    fn levels_and_directives_are_filters() {
        for value in ["info", "WARN", "off", "info,fte::crm=debug", "fte[turn]=trace"] {
            assert!(is_filter(value), "{value}");
        }
    }

    #[test]
    fn a_mistyped_level_is_no_filter() {
        for value in ["verbose", "info,debgu", "fte=loud"] {
            assert!(!is_filter(value), "{value}");
        }
    }
}
