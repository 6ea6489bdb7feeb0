//! The operating-system user that PostgreSQL runs as. PostgreSQL refuses root: started by root, it gets an
//! unprivileged user.

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, lchown};
use std::path::Path;
use std::process::Stdio;

use rustix::process::geteuid;
use tokio::process::Command;

use super::error::EmbeddedError;

/// The user id of `nobody` where the user list lacks it.
const NOBODY: u32 = 65534;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum RunAs {
    /// Not root: the server runs as the current user.
    Ourselves,
    Other {
        name: String,
        uid: u32,
        gid: u32,
    },
}

impl RunAs {
    /// As root: the owner of the cluster, else of the folder it will be in, else `postgres`, else `nobody`.
    pub fn choose(base: &Path, cluster: &Path) -> Self {
        if !geteuid().is_root() {
            return Self::Ourselves;
        }
        let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
        let owned = [cluster, base].into_iter().filter_map(|path| fs::metadata(path).ok());
        match owned.map(|metadata| (metadata.uid(), metadata.gid())).find(|(uid, _)| *uid != 0) {
            Some((uid, gid)) => Self::Other { name: name_of(&users, uid), uid, gid },
            None => named(&users, "postgres").or_else(|| named(&users, "nobody")).unwrap_or(Self::Other {
                name: "nobody".into(),
                uid: NOBODY,
                gid: NOBODY,
            }),
        }
    }

    pub fn name(&self) -> String {
        match self {
            Self::Ourselves => "who runs this program".into(),
            Self::Other { name, .. } => name.clone(),
        }
    }

    /// Changes the owner of `path`; does nothing where the server runs as the current user.
    pub fn take(&self, path: &Path) -> Result<(), EmbeddedError> {
        match self {
            Self::Ourselves => Ok(()),
            Self::Other { name, uid, gid } => lchown(path, Some(*uid), Some(*gid))
                .map_err(EmbeddedError::io(format!("give {} to {name}", path.display()))),
        }
    }

    /// A PostgreSQL program, run as this user, in a process group of its own (ctrl-C does not reach it) and without our
    /// environment, which holds secrets.
    pub fn command(&self, program: &Path, working_dir: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(working_dir).stdin(Stdio::null()).process_group(0);
        command.env_clear().env("LC_ALL", "C").env("TZ", "UTC");
        if let Self::Other { uid, gid, .. } = self {
            command.uid(*uid).gid(*gid);
        }
        command
    }

    /// Whether this user can run `program` from `folder`: tested by running it, because file modes do not tell
    /// everything.
    pub async fn can_run(&self, program: &Path, folder: &Path) -> Result<bool, EmbeddedError> {
        let mut command = self.command(program, folder);
        match command.arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().await {
            Ok(status) => Ok(status.success()),
            Err(error) if error.raw_os_error() == Some(rustix::io::Errno::PERM.raw_os_error()) => {
                Err(EmbeddedError::NoOtherUser { user: self.name(), source: error })
            }
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(false),
            Err(error) => Err(EmbeddedError::io(format!("run {}", program.display()))(error)),
        }
    }
}

/// Fields of passwd(5): name, password, uid, gid, …
fn named(users: &str, name: &str) -> Option<RunAs> {
    users.lines().find_map(|line| {
        let fields: Vec<&str> = line.split(':').collect();
        let [user, _, uid, gid, ..] = fields.as_slice() else {
            return None;
        };
        let other = RunAs::Other { name: name.to_owned(), uid: uid.parse().ok()?, gid: gid.parse().ok()? };
        (*user == name).then_some(other)
    })
}

fn name_of(users: &str, uid: u32) -> String {
    let uid = uid.to_string();
    let line = users.lines().find(|line| line.split(':').nth(2) == Some(&uid));
    line.and_then(|line| line.split(':').next()).map_or(uid, str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    const USERS: &str = "root:x:0:0:root:/root:/bin/bash\n\nbroken\npostgres:x:101:104::/var/lib:/bin/sh\n";

    #[test]
    fn users_are_found_by_name_and_number() {
        let postgres = RunAs::Other { name: "postgres".into(), uid: 101, gid: 104 };
        assert_eq!(named(USERS, "postgres"), Some(postgres));
        assert_eq!(named(USERS, "nobody"), None);
        assert_eq!(name_of(USERS, 101), "postgres");
        assert_eq!(name_of(USERS, 7), "7");
    }
}
