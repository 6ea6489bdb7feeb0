//! Secrets that the program generates in development. Each stays the same from start to start.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::OFlags;
use secrecy::{ExposeSecret, SecretString};

use crate::clock;
use crate::config::private_folder;

/// The mode of a secret: readable by its owner alone.
const MODE: u32 = 0o600;
const OTHERS: u32 = 0o077;

/// The secret in the file, which is created if missing. An existing one is refused unless it belongs to the user who runs
/// the program, and to nobody else: another user may have read it, or put it there.
pub fn stored(path: &Path) -> io::Result<SecretString> {
    if let Some(secret) = read(path)? {
        return Ok(secret);
    }
    if let Some(folder) = path.parent() {
        private_folder(folder)?;
    }
    let secret = SecretString::from(format!("{}{}", clock::new_v4().simple(), clock::new_v4().simple()));
    write(path, secret.expose_secret())?;
    Ok(secret)
}

/// Writes a text that only the owner may read; whatever was there before is replaced.
pub fn write(path: &Path, text: &str) -> io::Result<()> {
    let draft = path.with_extension("new");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(MODE).custom_flags(no_follow());
    let mut file = options.open(&draft)?;
    file.write_all(text.as_bytes())?;
    fs::rename(draft, path)
}

fn read(path: &Path) -> io::Result<Option<SecretString>> {
    let opened = OpenOptions::new().read(true).custom_flags(no_follow()).open(path);
    let mut file = match opened {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    check(&file)?;
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    Ok((!text.trim().is_empty()).then(|| text.trim().into()))
}

fn check(file: &File) -> io::Result<()> {
    let metadata = file.metadata()?;
    let refusal = if metadata.uid() != rustix::process::geteuid().as_raw() {
        "it belongs to another user: remove it, and a new secret is made"
    } else if metadata.mode() & OTHERS != 0 {
        "others may read it: remove it, and a new secret is made, or close it with chmod 600"
    } else {
        return Ok(());
    };
    Err(io::Error::new(io::ErrorKind::PermissionDenied, refusal))
}

fn no_follow() -> i32 {
    i32::try_from(OFlags::NOFOLLOW.bits()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn a_secret_stays_and_is_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data/token");
        let first = stored(&path).unwrap();
        assert_eq!(stored(&path).unwrap().expose_secret(), first.expose_secret());
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, MODE);
        assert_eq!(fs::metadata(path.parent().unwrap()).unwrap().mode() & 0o777, 0o700);
    }

    #[test]
    fn a_secret_that_others_may_have_read_or_made_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        write(&path, "a-secret-that-was-read").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(stored(&path).unwrap_err().kind(), io::ErrorKind::PermissionDenied);
        let link = folder.path().join("link");
        symlink("/etc/hostname", &link).unwrap();
        assert!(stored(&link).is_err());
    }
}
