//! File look-up: first the working directory, then beside the program's real path, so that a linked `bin/fte` started
//! from anywhere finds what it was built with.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf, absolute};

use super::reader::Reader;

/// Where a configured path was found, or everywhere it was looked for.
pub type Located = Result<PathBuf, Vec<PathBuf>>;

/// Modes of a folder, as in chmod(2).
const OWNER_ONLY: u32 = 0o700;
const OTHERS: u32 = 0o077;
const STICKY: u32 = 0o1000;

/// Finds `path`: as it is when absolute, else in the working directory, else beside the program.
pub fn locate(path: &Path) -> Located {
    if path.exists() {
        return Ok(absolute(path).unwrap_or_else(|_| path.to_owned()));
    }
    if path.is_absolute() {
        return Err(vec![path.to_owned()]);
    }
    beside_program(path).map_err(|mut tried| {
        tried.insert(0, absolute(path).unwrap_or_else(|_| path.to_owned()));
        tried
    })
}

/// Finds `relative` in the folder of the program's real path or in one of the folders above it.
pub fn beside_program(relative: &Path) -> Located {
    let program = std::env::current_exe().and_then(|path| path.canonicalize()).unwrap_or_default();
    let candidates: Vec<PathBuf> = program.ancestors().skip(1).map(|folder| folder.join(relative)).collect();
    match candidates.iter().find(|candidate| candidate.exists()) {
        Some(found) => Ok(found.clone()),
        None => Err(candidates),
    }
}

/// Creates a folder for its owner alone, or takes an existing one from everybody else. A folder that people share, such
/// as `/tmp`, is refused; one of another user is left as it is.
pub fn private_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(OWNER_ONLY).create(path)?;
    let metadata = fs::metadata(path)?;
    let mode = metadata.mode();
    if mode & OTHERS == 0 {
        return Ok(());
    }
    if mode & STICKY != 0 {
        let refusal = "other people may write there: it must be a folder of its own";
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, refusal));
    }
    let user = rustix::process::geteuid();
    if user.is_root() || metadata.uid() == user.as_raw() {
        return fs::set_permissions(path, fs::Permissions::from_mode(OWNER_ONLY));
    }
    tracing::warn!(path = %path.display(), "the folder belongs to another user and is open to others");
    Ok(())
}

pub(super) fn data_dir(reader: &mut Reader<'_>) -> PathBuf {
    reader
        .parse("FTE_DATA_DIR", "a folder", |value| absolute(value).ok())
        .or_else(|| absolute(".local").ok())
        .unwrap_or_else(|| ".local".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relative_path_is_found_in_the_working_directory() {
        assert_eq!(locate(Path::new("Cargo.toml")), Ok(absolute("Cargo.toml").unwrap()));
    }

    #[test]
    fn a_private_folder_is_closed_to_others_and_a_shared_one_is_refused() {
        let parent = tempfile::tempdir().unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().mode() & 0o7777;
        let new = parent.path().join("a/b");
        private_folder(&new).unwrap();
        assert_eq!((mode(&new), mode(&parent.path().join("a"))), (0o700, 0o700));
        let open = parent.path().join("open");
        fs::create_dir(&open).unwrap();
        fs::set_permissions(&open, fs::Permissions::from_mode(0o755)).unwrap();
        private_folder(&open).unwrap();
        assert_eq!(mode(&open), 0o700);
        fs::set_permissions(&open, fs::Permissions::from_mode(0o1777)).unwrap();
        assert!(private_folder(&open).is_err());
        assert_eq!(mode(&open), 0o1777);
    }

    #[test]
    fn a_missing_path_names_every_place_tried() {
        let missing = Path::new("no-such-folder-anywhere");
        let tried = locate(missing).unwrap_err();
        let program = std::env::current_exe().unwrap().canonicalize().unwrap();
        assert_eq!(tried[0], absolute(missing).unwrap());
        assert_eq!(tried[1], program.parent().unwrap().join(missing));
    }
}
