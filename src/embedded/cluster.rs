//! Initialises the PostgreSQL cluster on disk, atomically, with a generated password stored inside it.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::EmbeddedError;
use super::files::write_private;
use super::layout::Layout;
use crate::clock;

/// Name of the program's role and of its database.
pub(super) const NAME: &str = "fte";
/// The role that creates extensions; nothing else connects as it.
pub(super) const SUPERUSER: &str = "postgres";
pub(super) const URL_FILE: &str = "database-url";
/// Inside the cluster, so that neither exists without the other.
const PASSWORD_FILE: &str = "fte.password";
const SUPERUSER_FILE: &str = "superuser.password";
const DRAFT_PREFIX: &str = "postgres.new-";

/// The passwords of the cluster's roles.
pub(super) struct Passwords {
    pub own: String,
    pub superuser: String,
}

/// Initialises the cluster if there is none; returns its passwords.
pub(super) async fn ensure(layout: &Layout) -> Result<Passwords, EmbeddedError> {
    if !layout.data.join("PG_VERSION").exists() {
        let parent = layout.data.parent().unwrap_or(&layout.base);
        remove_drafts(parent);
        let draft = parent.join(format!("{DRAFT_PREFIX}{}", clock::new_v4().simple()));
        create(layout, &draft).await?;
    }
    // A cluster of an older program has no superuser beside its own role; the probe makes one.
    if !layout.data.join(SUPERUSER_FILE).exists() {
        write_private(&layout.data, SUPERUSER_FILE, &new_password())?;
    }
    Ok(Passwords { own: password(layout, PASSWORD_FILE)?, superuser: password(layout, SUPERUSER_FILE)? })
}

fn password(layout: &Layout, file: &str) -> Result<String, EmbeddedError> {
    let path = layout.data.join(file);
    let password = fs::read_to_string(&path);
    password.map_err(EmbeddedError::io(format!("read the database password in {}", path.display())))
}

/// Of letters and digits alone, so that it needs no quoting.
fn new_password() -> String {
    clock::new_v4().simple().to_string()
}

pub(super) fn url(password: &str, port: u16) -> String {
    format!("postgres://{NAME}:{password}@127.0.0.1:{port}/{NAME}")
}

async fn create(layout: &Layout, draft: &Path) -> Result<(), EmbeddedError> {
    let failed = || EmbeddedError::io(format!("create the database in {}", draft.display()));
    fs::create_dir(draft).map_err(failed())?;
    layout.run_as.take(draft)?;
    for file in [PASSWORD_FILE, SUPERUSER_FILE] {
        write_private(draft, file, &new_password())?;
    }
    let data = draft.join("data");
    run_initdb(layout, draft, &data, &draft.join(SUPERUSER_FILE)).await?;
    for file in [PASSWORD_FILE, SUPERUSER_FILE] {
        fs::rename(draft.join(file), data.join(file)).map_err(failed())?;
    }
    fs::rename(&data, &layout.data).map_err(failed())?;
    let parent = fs::File::open(layout.data.parent().unwrap_or(&layout.base)).map_err(failed())?;
    parent.sync_all().map_err(failed())?;
    fs::remove_dir(draft).map_err(failed())
}

async fn run_initdb(
    layout: &Layout,
    draft: &Path,
    data: &Path,
    password: &Path,
) -> Result<(), EmbeddedError> {
    let mut initdb = layout.run_as.command(&layout.program("initdb"), draft);
    initdb.arg("-D").arg(data).arg("--pwfile").arg(password).args([
        "--username",
        SUPERUSER,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--text-search-config=english",
        "--data-checksums",
    ]);
    let output = initdb.kill_on_drop(true).output().await.map_err(EmbeddedError::io("run initdb"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(EmbeddedError::Initdb { output: said.trim().to_owned() })
}

/// Removes what a killed first start left behind. A draft that an orphaned initdb still writes to may remain; it does
/// no harm.
fn remove_drafts(parent: &Path) {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    let drafts = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(DRAFT_PREFIX));
    for path in drafts.map(|entry| entry.path()).collect::<Vec<PathBuf>>() {
        if let Err(error) = fs::remove_dir_all(&path) {
            tracing::debug!(path = %path.display(), %error, "could not remove an unfinished database");
        }
    }
}
