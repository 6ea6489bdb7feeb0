//! `fte after-restore`: takes what was in flight out of a database that was restored from a backup, before a server
//! starts on it.

use clap::Args;
use serde_json::json;

use crate::cli::CommandOutcome;
use crate::cli::knowledge::knowledge_stores::KnowledgeStores;
use crate::config::Config;

/// Give to staff what was in flight in a restored backup, so that nothing old is sent or answered again.
/// Run it while no server runs on the database. Replies that waited or were being sent may have been sent since the backup:
/// they are marked as failed, in doubt. Conversations whose customer waited for an answer are escalated. Without --yes it
/// only says what it would do.
#[derive(Debug, Args)]
pub struct AfterRestore {
    /// Do it.
    #[arg(long)]
    yes: bool,
    /// Print `{applied, replies, conversations}`.
    #[arg(long)]
    json: bool,
}

pub async fn run(config: Config, options: AfterRestore) -> anyhow::Result<CommandOutcome> {
    let stores = KnowledgeStores::without_model(&config).await?;
    let found = stores.store.after_restore(options.yes).await;
    stores.close().await?;
    let found = found?;
    if options.json {
        let (replies, conversations) = (found.replies, found.waiting);
        println!("{}", json!({"applied": options.yes, "replies": replies, "conversations": conversations}));
    } else {
        let (done, hint) =
            if options.yes { ("given to staff", "") } else { ("in flight", "; --yes gives them to staff") };
        println!(
            "{done}: {} replies that waited or were being sent, {} conversations that waited for an answer{hint}",
            found.replies, found.waiting
        );
    }
    Ok(CommandOutcome::Passed)
}
