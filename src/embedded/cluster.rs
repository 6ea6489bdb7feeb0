//! Initialises the PostgreSQL cluster on disk, atomically, with a generated password stored inside it.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::EmbeddedError;
use super::files::write_private;
use super::layout::Layout;
use crate::clock;

/// Name of the user and of the database.
pub(super) const NAME: &str = "fte";
pub(super) const URL_FILE: &str = "database-url";
/// Inside the cluster, so that neither exists without the other.
const PASSWORD_FILE: &str = "fte.password";
const DRAFT_PREFIX: &str = "postgres.new-";

/// Initialises the cluster if there is none; returns its password.
pub(super) async fn ensure(layout: &Layout) -> Result<String, EmbeddedError> {
    if !layout.data.join("PG_VERSION").exists() {
        let parent = layout.data.parent().unwrap_or(&layout.base);
        remove_drafts(parent);
        let draft = parent.join(format!("{DRAFT_PREFIX}{}", clock::new_v4().simple()));
        create(layout, &draft).await?;
    }
    let path = layout.data.join(PASSWORD_FILE);
    let password = fs::read_to_string(&path);
    password.map_err(EmbeddedError::io(format!("read the database password in {}", path.display())))
}

pub(super) fn url(password: &str, port: u16) -> String {
    format!("postgres://{NAME}:{password}@127.0.0.1:{port}/{NAME}")
}

async fn create(layout: &Layout, draft: &Path) -> Result<(), EmbeddedError> {
    let failed = || EmbeddedError::io(format!("create the database in {}", draft.display()));
    fs::create_dir(draft).map_err(failed())?;
    layout.run_as.take(draft)?;
    write_private(draft, PASSWORD_FILE, &clock::new_v4().simple().to_string())?;
    let (data, password) = (draft.join("data"), draft.join(PASSWORD_FILE));
    run_initdb(layout, draft, &data, &password).await?;
    fs::rename(&password, data.join(PASSWORD_FILE)).map_err(failed())?;
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
        NAME,
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
