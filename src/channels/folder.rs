//! Content-addressed file store: files are named by the SHA-256 of their content, stored once, never changed, and removed
//! when no row refers to them any more.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::port::{ChannelFuture, MediaStore};

#[derive(Clone, Debug)]
pub struct MediaFolder {
    root: PathBuf,
}

impl MediaFolder {
    /// The folder is created when the first file is stored.
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// One subfolder for each leading byte of the digest, so that no folder grows too large to list.
    fn path(&self, sha256: &[u8]) -> PathBuf {
        let name = hex::encode(sha256);
        self.root.join(name.get(..2).unwrap_or("00")).join(name)
    }
}

impl MediaStore for MediaFolder {
    fn put(&self, sha256: Vec<u8>, bytes: Vec<u8>) -> ChannelFuture<std::io::Result<()>> {
        let path = self.path(&sha256);
        Box::pin(async move { blocking(move || write(&path, &bytes)).await })
    }

    fn get(&self, sha256: Vec<u8>) -> ChannelFuture<std::io::Result<Vec<u8>>> {
        let path = self.path(&sha256);
        Box::pin(async move { blocking(move || std::fs::read(path)).await })
    }

    fn remove(&self, sha256: Vec<u8>) -> ChannelFuture<std::io::Result<()>> {
        let path = self.path(&sha256);
        Box::pin(async move {
            let removed = blocking(move || std::fs::remove_file(path)).await;
            let is_gone = |error: &std::io::Error| error.kind() == std::io::ErrorKind::NotFound;
            removed.or_else(|error| if is_gone(&error) { Ok(()) } else { Err(error) })
        })
    }
}

async fn blocking<T: Send + 'static>(
    deed: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> std::io::Result<T> {
    tokio::task::spawn_blocking(deed).await.unwrap_or_else(|error| Err(std::io::Error::other(error)))
}

/// Atomic write: a reader never sees a partial file.
fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if path.exists() {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let unfinished = folder.join(format!(".{}", crate::clock::new_v4().simple()));
    let written = private(&unfinished).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&unfinished, path)
    });
    if written.is_err() {
        let _left = std::fs::remove_file(&unfinished);
    }
    written
}

fn private(path: &Path) -> std::io::Result<std::fs::File> {
    use std::os::unix::fs::OpenOptionsExt;
    std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_reads_back_and_is_kept_once() {
        let folder = tempfile::tempdir().unwrap();
        let store = MediaFolder::new(folder.path().join("media"));
        for _ in 0..2 {
            store.put(vec![0xab, 0xcd], b"content".to_vec()).await.unwrap();
        }
        assert_eq!(store.get(vec![0xab, 0xcd]).await.unwrap(), b"content");
        assert!(store.get(vec![0xab, 0xce]).await.is_err());
        assert_eq!(std::fs::read_dir(folder.path().join("media/ab")).unwrap().count(), 1);
        for _ in 0..2 {
            store.remove(vec![0xab, 0xcd]).await.unwrap();
        }
        assert!(store.get(vec![0xab, 0xcd]).await.is_err());
    }
}
