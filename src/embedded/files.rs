//! Atomic file writes in `FTE_DATA_DIR`. Files get the owner of the folder, so that a run as root leaves nothing that
//! the owner cannot use. Refuses to follow links, because that owner could point root elsewhere.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, fchown};
use std::path::Path;

use rustix::fs::{Mode, OFlags, open};

use super::error::EmbeddedError;

/// Opens `folder/name` with `access`, readable by its owner alone; creates it if it is missing.
pub(super) fn open_private(folder: &Path, name: &str, access: OFlags) -> Result<File, EmbeddedError> {
    let path = folder.join(name);
    let flags = access | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let opened = || {
        let file = File::from(open(&path, flags, Mode::RUSR | Mode::WUSR)?);
        let run_as = fs::metadata(folder)?;
        if rustix::process::geteuid().is_root() && run_as.uid() != 0 {
            fchown(&file, Some(run_as.uid()), Some(run_as.gid()))?;
        }
        io::Result::Ok(file)
    };
    opened().map_err(EmbeddedError::io(format!("open {}", path.display())))
}

/// Writes `text` to `folder/name`.
pub(super) fn write_private(folder: &Path, name: &str, text: &str) -> Result<(), EmbeddedError> {
    let draft = format!("{name}.{}.new", std::process::id());
    let mut file = open_private(folder, &draft, OFlags::WRONLY | OFlags::TRUNC)?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::rename(folder.join(draft), folder.join(name)))
        .map_err(EmbeddedError::io(format!("write {}", folder.join(name).display())))
}
