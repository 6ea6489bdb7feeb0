//! File look-up: first the working directory, then beside the program's real path, so that a linked `bin/fte` started
//! from anywhere finds what it was built with.

use std::path::{Path, PathBuf, absolute};

use super::reader::Reader;

/// Where a configured path was found, or everywhere it was looked for.
pub type Located = Result<PathBuf, Vec<PathBuf>>;

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
    fn a_missing_path_names_every_place_tried() {
        let missing = Path::new("no-such-folder-anywhere");
        let tried = locate(missing).unwrap_err();
        let program = std::env::current_exe().unwrap().canonicalize().unwrap();
        assert_eq!(tried[0], absolute(missing).unwrap());
        assert_eq!(tried[1], program.parent().unwrap().join(missing));
    }
}
