//! Removal of unreferenced files with a second look: a file whose content is stored again at the same moment is put back.
//!
//! Whoever stores a file writes it first and commits the row that refers to it afterwards. A removal between the two finds
//! no row. So the content is held in memory until every such commit has succeeded or timed out, and each round looks
//! again.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::actors::runtime::ask::{Answer, CallError};
use crate::actors::store::store_handle::StoreHandle;
use crate::channels::port::MediaStore;
use crate::crm::port::{CrmError, CustomerRights};

/// Maximum files removed at once.
pub const MAX_FILES: i64 = 200;
/// How long content is held; a file's row is committed sooner, or not at all.
const HELD_FOR: Duration = Duration::from_secs(5 * 60);
/// Maximum content that is held, in bytes. The oldest is let go first.
const MAX_HELD_BYTES: usize = 64 * 1024 * 1024;

/// A file that was removed, with its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemovedFile {
    sha256: Vec<u8>,
    content: Arc<[u8]>,
}

/// The files that were removed a short while ago.
#[derive(Debug, Default)]
pub struct HeldFiles {
    files: VecDeque<(Instant, RemovedFile)>,
    bytes: usize,
}

impl HeldFiles {
    pub fn hold(&mut self, removed: Vec<RemovedFile>, now: Instant) {
        for file in removed {
            self.bytes += file.content.len();
            self.files.push_back((now, file));
        }
        self.let_go(now);
    }

    pub fn all(&self) -> Vec<RemovedFile> {
        self.files.iter().map(|(_, file)| file.clone()).collect()
    }

    /// Lets go of what is old enough, or too much.
    pub fn let_go(&mut self, now: Instant) {
        while let Some((since, file)) = self.files.front()
            && (self.bytes > MAX_HELD_BYTES || now.duration_since(*since) >= HELD_FOR)
        {
            self.bytes -= file.content.len();
            self.files.pop_front();
        }
    }
}

/// Removes the files that no row refers to. At most [`MAX_FILES`].
pub async fn remove_files(
    rights: &StoreHandle<dyn CustomerRights>,
    files: Option<&dyn MediaStore>,
) -> Answer<Vec<RemovedFile>> {
    let Some(files) = files else {
        return Ok(Vec::new());
    };
    let unused = rights.call(|rights| rights.unused_files(MAX_FILES)).await?;
    let mut removed = Vec::with_capacity(unused.len());
    let mut held_bytes = 0;
    for sha256 in unused {
        let content = files.get(sha256.clone()).await.unwrap_or_default();
        files.remove(sha256.clone()).await.map_err(|error| could_not("remove", &error))?;
        let mut file = RemovedFile { sha256, content: content.into() };
        if !put_back(rights, files, &file).await? {
            held_bytes += file.content.len();
            if held_bytes > MAX_HELD_BYTES {
                file.content = Arc::default();
            }
            removed.push(file);
        }
    }
    Ok(removed)
}

/// Puts those back that a row refers to by now.
pub async fn look_again(
    rights: &StoreHandle<dyn CustomerRights>,
    files: Option<&dyn MediaStore>,
    held: Vec<RemovedFile>,
) -> Answer<()> {
    if let Some(files) = files {
        for file in held {
            put_back(rights, files, &file).await?;
        }
    }
    Ok(())
}

/// Whether the file is in use again. A file that was not there has no content to put back.
async fn put_back(
    rights: &StoreHandle<dyn CustomerRights>,
    files: &dyn MediaStore,
    file: &RemovedFile,
) -> Answer<bool> {
    let digest = file.sha256.clone();
    let is_used = rights.call(move |rights| rights.file_removed(digest)).await?;
    if is_used && !file.content.is_empty() {
        let content = file.content.to_vec();
        let put = files.put(file.sha256.clone(), content).await;
        put.map_err(|error| could_not("put back", &error))?;
    }
    Ok(is_used)
}

fn could_not(what: &str, error: &std::io::Error) -> CallError {
    CallError::Crm(CrmError::Unavailable(format!("could not {what} a file: {error}")))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::sync::Mutex;

    use tokio::runtime::Handle;

    use super::*;
    use crate::actors::store::store_handle::Bulkhead;
    use crate::channels::port::ChannelFuture;
    use crate::crm::port::StoreFuture;
    use crate::domain::customers::rights::{CustomerExport, ErasureReceipt, Retention, RetentionRound};
    use crate::domain::ids::{CustomerId, StaffId};

    const DIGEST: [u8; 2] = [0xab, 0xcd];

    /// One file that no row refers to, until another upload of it commits.
    #[derive(Default)]
    struct OneFile {
        is_marked: Mutex<bool>,
        is_used: Mutex<bool>,
    }

    impl CustomerRights for OneFile {
        fn export(
            &self,
            _: CustomerId,
            _: StaffId,
            _: i64,
        ) -> StoreFuture<Result<Option<CustomerExport>, CrmError>> {
            unreachable!("no customer")
        }

        fn erase(&self, _: CustomerId, _: StaffId) -> StoreFuture<Result<Option<ErasureReceipt>, CrmError>> {
            unreachable!("no customer")
        }

        fn retain(&self, _: Retention, _: Duration) -> StoreFuture<Result<Option<RetentionRound>, CrmError>> {
            unreachable!("no period")
        }

        fn unused_files(&self, _: i64) -> StoreFuture<Result<Vec<Vec<u8>>, CrmError>> {
            let is_marked = std::mem::take(&mut *self.is_marked.lock().unwrap());
            Box::pin(async move { Ok(if is_marked { vec![DIGEST.to_vec()] } else { vec![] }) })
        }

        fn file_removed(&self, _: Vec<u8>) -> StoreFuture<Result<bool, CrmError>> {
            let is_used = *self.is_used.lock().unwrap();
            Box::pin(async move { Ok(is_used) })
        }
    }

    /// A store of files in memory.
    #[derive(Debug, Default)]
    struct Files(Mutex<HashMap<Vec<u8>, Vec<u8>>>);

    impl Files {
        fn content(&self) -> Option<Vec<u8>> {
            self.0.lock().unwrap().get(DIGEST.as_slice()).cloned()
        }
    }

    impl MediaStore for Files {
        fn put(&self, sha256: Vec<u8>, bytes: Vec<u8>) -> ChannelFuture<std::io::Result<()>> {
            self.0.lock().unwrap().insert(sha256, bytes);
            Box::pin(async { Ok(()) })
        }

        fn get(&self, sha256: Vec<u8>) -> ChannelFuture<std::io::Result<Vec<u8>>> {
            let found = self.0.lock().unwrap().get(&sha256).cloned();
            Box::pin(async { found.ok_or_else(|| std::io::ErrorKind::NotFound.into()) })
        }

        fn remove(&self, sha256: Vec<u8>) -> ChannelFuture<std::io::Result<()>> {
            self.0.lock().unwrap().remove(&sha256);
            Box::pin(async { Ok(()) })
        }
    }

    #[tokio::test]
    async fn a_file_that_is_stored_again_while_it_is_removed_is_put_back() {
        let files = Files::default();
        files.put(DIGEST.to_vec(), b"a logo".to_vec()).await.unwrap();
        let one = Arc::new(OneFile::default());
        *one.is_marked.lock().unwrap() = true;
        let rights: Arc<dyn CustomerRights> = one.clone();
        let rights = Bulkhead::new(Handle::current()).handle(&rights);

        // Somebody else's upload of the same file finds it there, and has not committed its row yet.
        files.put(DIGEST.to_vec(), b"a logo".to_vec()).await.unwrap();
        let now = crate::clock::monotonic();
        let mut held = HeldFiles::default();
        held.hold(remove_files(&rights, Some(&files)).await.unwrap(), now);
        assert_eq!(files.content(), None);
        look_again(&rights, Some(&files), held.all()).await.unwrap();
        assert_eq!(files.content(), None, "it is erased as long as nobody refers to it");

        *one.is_used.lock().unwrap() = true;
        look_again(&rights, Some(&files), held.all()).await.unwrap();
        assert_eq!(files.content().as_deref(), Some(b"a logo".as_slice()));
    }

    #[test]
    fn content_is_held_for_a_while_and_within_a_bound() {
        let now = crate::clock::monotonic();
        let file = |bytes: usize| RemovedFile { sha256: DIGEST.to_vec(), content: vec![0; bytes].into() };
        let mut held = HeldFiles::default();
        held.hold(vec![file(1), file(2)], now);
        held.let_go(now + HELD_FOR / 2);
        assert_eq!(held.all(), [file(1), file(2)]);
        held.hold(vec![file(MAX_HELD_BYTES - 2)], now + HELD_FOR / 2);
        assert_eq!(held.all().len(), 2, "the oldest goes first");
        held.let_go(now + HELD_FOR * 2);
        assert_eq!((held.all().len(), held.bytes), (0, 0));
    }
}
