//! Reads documents for the knowledge base from disk: single files, or all below a folder. One that can't be read never
//! stops the others; the report names it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::cli::Misuse;
use crate::domain::knowledge::{Document, Origin};
use crate::knowledge::documents;

/// What was read, and what was not.
#[derive(Debug, Default)]
pub struct Gathered {
    pub origins: Vec<Origin>,
    /// Files that were not UTF-8, with their encodings.
    pub converted: Vec<(String, &'static str)>,
    /// Documents that were left out, with the reasons.
    pub skipped: Vec<(String, String)>,
    /// Files that are no documents, such as pictures and scripts.
    pub others: Vec<String>,
}

impl Gathered {
    /// Reads one document; `name` is its path in the ids of its sections.
    pub fn read(&mut self, name: &str, bytes: &[u8]) -> Option<Document> {
        match documents::read(name, bytes) {
            Ok(reading) => {
                self.converted.extend(reading.encoding.map(|encoding| (name.to_owned(), encoding)));
                Some(reading.document)
            }
            Err(unreadable) => {
                self.skipped.push((name.to_owned(), unreadable.to_string()));
                None
            }
        }
    }

    /// Fails if two documents would have the same ids, or if there is none.
    pub fn checked(self) -> anyhow::Result<Self> {
        let mut names: Vec<&str> = files(&self.origins).map(|document| document.file.as_str()).collect();
        names.sort_unstable();
        if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(Misuse(format!("two of the given files would be {} in the ids", pair[0])).into());
        }
        if let (Some(empty), first) =
            (self.origins.iter().find(|origin| origin.documents.is_empty()), self.skipped.first())
        {
            let why = first.map(|(name, why)| format!("; {name} was left out: {why}")).unwrap_or_default();
            return Err(Misuse(format!(
                "{} holds no document that can be read ({}){why}",
                empty.root,
                endings()
            ))
            .into());
        }
        Ok(self)
    }
}

/// Reads each path. Ids contain a file's path within the given folder, or the name of a given file; they must be
/// unique.
pub fn read_all(paths: &[PathBuf]) -> anyhow::Result<Gathered> {
    let mut gathered = Gathered::default();
    for path in paths {
        gather(path, &mut gathered)?;
    }
    gathered.checked()
}

fn endings() -> String {
    let endings: Vec<String> = documents::ENDINGS.iter().map(|ending| format!(".{ending}")).collect();
    endings.join(", ")
}

/// Every document of the origins.
pub fn files(origins: &[Origin]) -> impl Iterator<Item = &Document> {
    origins.iter().flat_map(|origin| &origin.documents)
}

/// Adds a file or a folder.
pub fn gather(path: &Path, gathered: &mut Gathered) -> anyhow::Result<()> {
    let root =
        path.canonicalize().map_err(|error| Misuse(format!("could not find {}: {error}", path.display())))?;
    let mut found = Vec::new();
    if root.is_dir() {
        walk(&root, &root, &mut found, gathered);
    } else {
        found.push(root.clone());
    }
    found.sort();
    let folder = if root.is_dir() { root.as_path() } else { root.parent().unwrap_or(&root) };
    let documents = found.iter().filter_map(|file| document(folder, file, gathered)).collect();
    gathered.origins.push(Origin { root: root.to_string_lossy().into_owned(), documents });
    Ok(())
}

/// Documents below a folder; names that begin with a dot are skipped, and links to folders are not followed. A folder that
/// can't be read is left out like a file.
fn walk(root: &Path, folder: &Path, found: &mut Vec<PathBuf>, gathered: &mut Gathered) {
    let unreadable = |error: &dyn std::error::Error| {
        (format!("{}/", relative(root, folder)), format!("it could not be read: {error}"))
    };
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => return gathered.skipped.push(unreadable(&error)),
    };
    for entry in entries {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                gathered.skipped.push(unreadable(&error));
                continue;
            }
        };
        let (path, name) = (entry.path(), entry.file_name());
        if name.as_encoded_bytes().starts_with(b".") {
            continue;
        }
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            walk(root, &path, found, gathered);
        } else if documents::is_document(&name.to_string_lossy()) && path.is_file() {
            found.push(path);
        } else {
            gathered.others.push(relative(root, &path));
        }
    }
}

/// A path within a folder, as ids have it.
fn relative(folder: &Path, path: &Path) -> String {
    let parts: Vec<_> =
        path.strip_prefix(folder).unwrap_or(path).iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

fn document(folder: &Path, path: &Path, gathered: &mut Gathered) -> Option<Document> {
    let name = relative(folder, path);
    // A larger file is refused by its size, without reading it into memory.
    let size = fs::metadata(path).map_or(0, |metadata| metadata.len());
    if size > documents::MAX_BYTES {
        gathered.skipped.push((name, documents::Unreadable::TooLarge.to_string()));
        return None;
    }
    match fs::read(path) {
        Ok(bytes) => gathered.read(&name, &bytes),
        Err(error) => {
            gathered.skipped.push((name, format!("it could not be read: {error}")));
            None
        }
    }
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
            let origins = read_all(&[path]).unwrap().origins;
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
        fs::create_dir(dir.path().join("empty")).unwrap();
        let picture = dir.path().join("picture.md");
        fs::write(&picture, b"\x89PNG\0\0\0").unwrap();
        for (paths, why) in [
            (vec![one, two], "two of the given files would be a.md in the ids"),
            (vec![dir.path().join("empty")], "holds no document that can be read (.md, "),
            (vec![dir.path().join("none")], "could not find"),
            (vec![picture], "picture.md was left out: it is not text"),
        ] {
            let error = read_all(&paths).unwrap_err();
            assert!(error.is::<Misuse>() && error.to_string().contains(why), "{error}");
        }
    }

    #[test]
    fn one_bad_file_does_not_stop_the_others() {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in [
            ("good.md", b"# A\n\nText.".as_slice()),
            ("latin.MDX", b"# Caf\xe9\n\nUn caf\xe9 pour le d\xe9jeuner, s'il vous pla\xeet."),
            ("bad.md", b"\0\x01\0\0\0"),
            ("empty.html", b"<p></p>"),
            ("logo.png", b"\x89PNG"),
        ] {
            fs::write(dir.path().join(name), text).unwrap();
        }
        let gathered = read_all(&[dir.path().to_owned()]).unwrap();
        let names: Vec<_> = files(&gathered.origins).map(|document| document.file.as_str()).collect();
        assert_eq!(names, ["good.md", "latin.MDX"]);
        assert_eq!(gathered.converted, [("latin.MDX".to_owned(), "windows-1252")]);
        let skipped = [("bad.md", "it is not text"), ("empty.html", "it has no text")];
        assert_eq!(gathered.skipped, skipped.map(|(name, why)| (name.to_owned(), why.to_owned())));
        assert_eq!(gathered.others, ["logo.png"]);
    }
}
