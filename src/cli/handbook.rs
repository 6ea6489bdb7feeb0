//! The company's handbook: its rules and its voice, from CONTEXT_PATH, else as they come with the program.

use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::agent::handbook::{ContextSource, Handbook, RULES_FILE, VOICE_FILE};
use crate::config::{Config, locate};

/// Both files of CONTEXT_PATH.
pub fn load(config: &Config) -> anyhow::Result<Handbook> {
    load_with(config, None)
}

/// Both files, the rules from another place. A file that CONTEXT_PATH lacks is taken as it comes with the program: no
/// rules at all would let everything through.
pub fn load_with(config: &Config, rules: Option<&Path>) -> anyhow::Result<Handbook> {
    let rules = match rules {
        Some(path) => Some(read(path)?),
        None => find(config, RULES_FILE)?,
    };
    let voice = find(config, VOICE_FILE)?;
    let source = |file: &'_ Option<ContextFile>, own: ContextSource<'static>| match file {
        Some(file) => (file.name.clone(), file.text.clone()),
        None => (own.name.to_owned(), own.text.to_owned()),
    };
    let (rules, voice) = (source(&rules, Handbook::own_rules()), source(&voice, Handbook::own_voice()));
    let handbook = Handbook::read(
        ContextSource { name: &rules.0, text: &rules.1 },
        ContextSource { name: &voice.0, text: &voice.1 },
    );
    handbook.context("the handbook can't be used")
}

/// A file as it was read, by the path that errors name.
struct ContextFile {
    name: String,
    text: String,
}

fn find(config: &Config, name: &str) -> anyhow::Result<Option<ContextFile>> {
    match locate(&config.context_path.join(name)) {
        Ok(path) => read(&path).map(Some),
        Err(_tried) => {
            tracing::warn!(file = name, "CONTEXT_PATH lacks it: the one that comes with the program is used");
            Ok(None)
        }
    }
}

fn read(path: &Path) -> anyhow::Result<ContextFile> {
    let text = std::fs::read_to_string(path).with_context(|| format!("could not read {}", path.display()))?;
    Ok(ContextFile { name: shown(path), text })
}

/// The path from the working folder, where it is below it.
fn shown(path: &Path) -> String {
    let folder = std::path::absolute(PathBuf::from(".")).unwrap_or_default();
    path.strip_prefix(folder).unwrap_or(path).display().to_string()
}
