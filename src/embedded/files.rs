//! Files in `FTE_DATA_DIR`: written whole or not at all, and owned by whoever owns the folder, so that a run as root
//! leaves nothing its owner cannot use.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, chown};
use std::path::Path;

use super::error::EmbeddedError;

/// Puts `text` into `folder/name`, readable by its owner alone.
pub(super) fn write_private(folder: &Path, name: &str, text: &str) -> Result<(), EmbeddedError> {
    let path = folder.join(name);
    let draft = folder.join(format!("{name}.{}.new", std::process::id()));
    let write = || {
        let mut options = OpenOptions::new();
        let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
        file.set_permissions(fs::Permissions::from_mode(0o600))?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        give_to_owner(folder, &draft)?;
        fs::rename(&draft, &path)
    };
    write().map_err(EmbeddedError::io(format!("write {}", path.display())))
}

/// As root, hands `path` to the owner of `folder`; otherwise it is ours already.
pub(super) fn give_to_owner(folder: &Path, path: &Path) -> std::io::Result<()> {
    let owner = fs::metadata(folder)?;
    if rustix::process::geteuid().is_root() && owner.uid() != 0 {
        chown(path, Some(owner.uid()), Some(owner.gid()))?;
    }
    Ok(())
}
