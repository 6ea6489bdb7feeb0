//! Loader of the handbook: rules, voice and texts from CONTEXT_PATH, else as they come with the program.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::agent::handbook::{
    Catalogue, ContextSource, Handbook, PROFILE_FILE, RULES_FILE, TEXTS_FOLDER, VOICE_FILE,
    read_service_levels,
};
use crate::config::{Config, locate, plain};
use crate::domain::conversations::service_levels::ServiceLevels;

/// All files of CONTEXT_PATH.
pub fn load(config: &Config) -> anyhow::Result<Handbook> {
    load_with(config, None)
}

/// All files, the rules from another place. A file that CONTEXT_PATH lacks is taken as it comes with the program: no
/// rules at all would let everything through.
pub fn load_with(config: &Config, rules: Option<&Path>) -> anyhow::Result<Handbook> {
    let rules = match rules {
        Some(path) => read(path)?,
        None => find(config, RULES_FILE)?.unwrap_or_else(|| Handbook::own_rules().into()),
    };
    let voice = find(config, VOICE_FILE)?.unwrap_or_else(|| Handbook::own_voice().into());
    let texts = texts(config)?;
    let texts: Vec<Catalogue<'_>> =
        texts.iter().map(|(language, file)| Catalogue { language, source: file.source() }).collect();
    let handbook =
        Handbook::read(rules.source(), voice.source(), &texts).context("the handbook can't be used")?;
    Ok(company_texts(config)?.iter().fold(handbook, |handbook, text| handbook.with_hosts_of(text)))
}

/// What the company's profile promises, with the holidays of its voice.
pub fn service_levels(config: &Config, handbook: &Handbook) -> anyhow::Result<ServiceLevels> {
    let profile = find(config, PROFILE_FILE)?.unwrap_or_else(|| Handbook::own_profile().into());
    let levels = read_service_levels(profile.source(), &handbook.voice.hours);
    levels.context("the company's profile can't be used")
}

/// The other texts of CONTEXT_PATH: replies may point to the hosts that they name. The rules name competitors.
fn company_texts(config: &Config) -> anyhow::Result<Vec<String>> {
    let Ok(folder) = locate(&config.context_path) else { return Ok(Vec::new()) };
    let entries = std::fs::read_dir(&folder).with_context(|| format!("could not read {}", shown(&folder)))?;
    let mut texts = Vec::new();
    for entry in entries {
        let path = entry.with_context(|| format!("could not read {}", shown(&folder)))?.path();
        let is_text = path.extension().is_some_and(|extension| extension == "md") && path.is_file();
        if is_text && path.file_name().is_some_and(|name| name != RULES_FILE) {
            // Documents may have any encoding; hosts are ASCII.
            let bytes = std::fs::read(&path).with_context(|| format!("could not read {}", shown(&path)))?;
            texts.push(String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    Ok(texts)
}

/// A file, with the path that error messages show.
struct ContextFile {
    name: String,
    text: String,
}

impl ContextFile {
    fn source(&self) -> ContextSource<'_> {
        ContextSource { name: &self.name, text: &self.text }
    }
}

impl From<ContextSource<'_>> for ContextFile {
    fn from(source: ContextSource<'_>) -> Self {
        Self { name: source.name.to_owned(), text: source.text.to_owned() }
    }
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

/// The texts by language: those of CONTEXT_PATH, and those that come with the program in languages that it lacks.
fn texts(config: &Config) -> anyhow::Result<BTreeMap<String, ContextFile>> {
    let mut found = match locate(&config.context_path.join(TEXTS_FOLDER)) {
        Ok(folder) => texts_in(&folder)?,
        Err(_tried) => BTreeMap::new(),
    };
    let mut lacking = Vec::new();
    for own in Handbook::own_texts() {
        found.entry(own.language.to_owned()).or_insert_with(|| {
            lacking.push(own.source.name);
            own.source.into()
        });
    }
    if !lacking.is_empty() {
        let files = lacking.join(", ");
        tracing::warn!(files, "CONTEXT_PATH lacks them: those that come with the program are used");
    }
    Ok(found)
}

fn texts_in(folder: &Path) -> anyhow::Result<BTreeMap<String, ContextFile>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("could not read {}", shown(folder)))?;
    let mut found = BTreeMap::new();
    for entry in entries {
        let path = entry.with_context(|| format!("could not read {}", shown(folder)))?.path();
        if path.extension().is_none_or(|extension| extension != "md") {
            continue;
        }
        let language = path.file_stem().and_then(|stem| stem.to_str()).filter(|stem| is_language(stem));
        let language = language.with_context(|| {
            format!("{} must be named by the code of a language, such as de.md", shown(&path))
        })?;
        found.insert(language.to_owned(), read(&path)?);
    }
    Ok(found)
}

/// Whether it may be a code of ISO 639-1 or 639-3.
fn is_language(code: &str) -> bool {
    (2..=3).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_lowercase())
}

fn read(path: &Path) -> anyhow::Result<ContextFile> {
    let bytes = std::fs::read(path).with_context(|| format!("could not read {}", path.display()))?;
    let text = plain(&bytes);
    Ok(ContextFile { name: shown(path), text })
}

/// The path relative to the working folder, if it is below it.
fn shown(path: &Path) -> String {
    let folder = std::path::absolute(PathBuf::from(".")).unwrap_or_default();
    path.strip_prefix(folder).unwrap_or(path).display().to_string()
}
