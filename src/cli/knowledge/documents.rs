//! Reads documents from disk: Markdown files, single or in a folder.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::cli::Misuse;
use crate::domain::knowledge::{Document, Origin};
use crate::knowledge::markdown;

/// Reads each path. Ids contain a file's path within the given folder, or the name of a given file; they must be
/// unique.
pub fn read_all(paths: &[PathBuf]) -> anyhow::Result<Vec<Origin>> {
    let origins: Vec<Origin> = paths.iter().map(|path| read(path)).collect::<anyhow::Result<_>>()?;
    let mut names: Vec<&str> = files(&origins).map(|document| document.file.as_str()).collect();
    names.sort_unstable();
    if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(Misuse(format!("two of the given files would be {} in the ids", pair[0])).into());
    }
    Ok(origins)
}

/// Every document of the origins.
pub fn files(origins: &[Origin]) -> impl Iterator<Item = &Document> {
    origins.iter().flat_map(|origin| &origin.documents)
}

fn read(path: &Path) -> anyhow::Result<Origin> {
    let root =
        path.canonicalize().map_err(|error| Misuse(format!("could not find {}: {error}", path.display())))?;
    let mut found = Vec::new();
    if root.is_dir() {
        walk(&root, &mut found)?;
    } else {
        found.push(root.clone());
    }
    if found.is_empty() {
        return Err(Misuse(format!("{} holds no Markdown file (.md)", path.display())).into());
    }
    found.sort();
    let folder = if root.is_dir() { root.as_path() } else { root.parent().unwrap_or(&root) };
    let documents = found.iter().map(|file| document(folder, file)).collect::<anyhow::Result<_>>()?;
    Ok(Origin { root: root.to_string_lossy().into_owned(), documents })
}

/// Markdown files below a folder; names that begin with a dot are skipped, and links to folders are not followed.
fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("could not read {}", folder.display()))?;
    for entry in entries {
        let entry = entry.with_context(|| format!("could not read {}", folder.display()))?;
        let path = entry.path();
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        if entry.file_type()?.is_dir() {
            walk(&path, found)?;
        } else if path.is_file() && path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
    Ok(())
}

fn document(folder: &Path, path: &Path) -> anyhow::Result<Document> {
    let text = fs::read(path).with_context(|| format!("could not read {}", path.display()))?;
    let text =
        String::from_utf8(text).map_err(|_| Misuse(format!("{} is not text in UTF-8", path.display())))?;
    let relative = path.strip_prefix(folder).unwrap_or(path);
    let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
    let file = parts.join("/");
    let sections = markdown::sections(&file, &text);
    Ok(Document { file, sections })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_read_with_paths_relative_to_it_and_a_file_by_its_name() {
        let dir = tempfile::tempdir().unwrap();
        let write = |name: &str| {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "# A\n\nText.").unwrap();
        };
        ["b.md", "a/c.md", "a/d.txt", ".git/e.md"].into_iter().for_each(write);
        let names = |path: PathBuf| {
            let origins = read_all(&[path]).unwrap();
            files(&origins).map(|document| document.file.clone()).collect::<Vec<_>>()
        };
        assert_eq!(names(dir.path().to_owned()), ["a/c.md", "b.md"]);
        assert_eq!(names(dir.path().join("a/c.md")), ["c.md"]);
    }

    #[test]
    fn what_cannot_be_read_is_a_misuse() {
        let dir = tempfile::tempdir().unwrap();
        let (one, two) = (dir.path().join("1/a.md"), dir.path().join("2/a.md"));
        for path in [&one, &two] {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "# A\n\nText.").unwrap();
        }
        fs::write(dir.path().join("latin.md"), b"caf\xe9").unwrap();
        fs::create_dir(dir.path().join("empty")).unwrap();
        let latin = dir.path().join("latin.md");
        for (paths, why) in [
            (vec![one, two], "two of the given files would be a.md in the ids"),
            (vec![dir.path().join("empty")], "holds no Markdown file"),
            (vec![dir.path().join("none")], "could not find"),
            (vec![latin], "is not text in UTF-8"),
        ] {
            let error = read_all(&paths).unwrap_err();
            assert!(error.is::<Misuse>() && error.to_string().contains(why), "{error}");
        }
    }
}
