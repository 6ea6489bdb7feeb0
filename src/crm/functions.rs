//! Versioned database functions: the files of `migrations/functions` are one set with an edition number, applied at
//! start, and a newer set is never replaced by an older one (docs/decisions/0030).
//!
//! Unlike a migration such a file is edited in place, so that a reader finds one edition of each function. A file that
//! has changed replaces its function whole, whatever its parameters and its result were before.

use sha2::{Digest, Sha256};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Error, GenericClient, Transaction};

/// One line for each edition, with its number and its fingerprint; the last one is the present edition. Whoever changes
/// a file appends a line: a database keeps the set with the highest edition.
const EDITIONS: &str = include_str!("../../migrations/function_editions.txt");
/// The oldest edition whose programs these functions still serve. Raised to the present edition by a change that an
/// older program can't live with: a parameter without a default, a column or a function that is gone, another type.
const OLDEST_SERVED: i32 = 1;

macro_rules! files {
    ($($name:ident),+ $(,)?) => {
        &[$((stringify!($name), include_str!(concat!("../../migrations/functions/", stringify!($name), ".sql")))),+]
    };
}

/// Every file, by the name it is recorded under.
const FILES: &[(&str, &str)] = files![
    absorb_customer,
    account_of,
    acknowledge_delays,
    acknowledge_person,
    add_note,
    add_watchers,
    add_webhook,
    address_digest,
    address_of,
    after_restore,
    agent_replies,
    append_to_outbox,
    apply_emails,
    apply_extras,
    apply_link_steps,
    apply_retention,
    are_customers,
    ask_for_person,
    attach_side_files,
    backlog,
    begin_bulk_step,
    begin_turns,
    blend_sentiment,
    cancel_reply,
    change_conversation,
    change_customer,
    claim_conversation,
    claim_job,
    clocks_paused,
    close_conversations,
    continue_conversations,
    conversation_before,
    current_ticket,
    delivery_address,
    delivery_rank,
    desk_state,
    dismiss_parked,
    drop_files,
    emit_dead_letters,
    emit_escalations,
    emit_inbound,
    emit_metrics,
    emit_outbound,
    emit_turns,
    end_bulk_step,
    end_idle_tickets,
    end_unfinished_turns,
    erase_customer,
    erase_texts,
    fence,
    finish_turns,
    first_externals,
    first_unanswered,
    fold_closed_counts,
    hand_back,
    hand_failure_to_staff,
    is_renamed,
    is_withdrawn,
    join_conversations,
    join_customers,
    judge_message,
    keep_clocks,
    keep_closed_conversation,
    keep_draft,
    last_change,
    lease_attachments,
    lease_deliveries,
    lease_in_doubt,
    lease_outbox,
    lease_side_messages,
    lease_verification_mails,
    lease_webhooks,
    linking_of,
    lock_conversation,
    lock_conversations,
    lock_customers,
    merge_conversations,
    merge_customers,
    merge_target,
    merged_home,
    move_delivery,
    move_tickets,
    newest_messages,
    open_seconds,
    open_side,
    opt_outs,
    person,
    probe_writes,
    prove_address,
    proved_conversations,
    publish_web_replies,
    put_back_delivery,
    recent_replies,
    record_audit,
    record_statuses,
    record_steps,
    records_of,
    redeliver_webhook,
    relays_events,
    release_conversation,
    release_leases,
    remind_staff,
    remove_view,
    remove_webhook,
    renamed_threads,
    reopen_conversation,
    replied_conversation,
    replied_tickets,
    reply_address,
    reply_refusal,
    reply_to_customer,
    report_facts,
    requeue_conversations,
    resend_delivery,
    resolve_conversation,
    resolve_in_doubt,
    restore_clocks,
    restore_conversation,
    retry_parked,
    review_reply,
    revoke_link,
    rfc3339,
    rotate_webhook,
    save_view,
    search_desk,
    session_customer,
    set_clocks,
    settle_side_message,
    settle_verification_mail,
    settle_webhook,
    side_mails,
    side_of_mail,
    sla_target,
    sla_target_of,
    snooze_conversation,
    sound_alarms,
    split_conversation,
    split_delivery,
    staff_mails,
    status_before_pending,
    store_inquiries,
    suggestion_context,
    summarized_messages,
    support_due,
    sweep,
    take_over,
    tell_watchers,
    tell_webhooks,
    test_webhook,
    tidy_webhooks,
    time_clocks,
    undo_bulk_step,
    undo_merge,
    unmerge_conversation,
    unseen_messages,
    wants_events,
    wants_webhooks,
    watch_conversation,
    withdraw_replies,
    withdrawn_turns,
    write_replies,
    write_service_levels,
    write_side,
    write_staff_message,
];

/// The functions that a program brings along.
#[derive(Clone, Debug)]
pub struct FunctionSet {
    pub edition: i32,
    /// Programs of older editions than this can't work with these functions.
    pub oldest_served: i32,
    /// Name and text of each file. A file defines one function of its name.
    pub files: Vec<(String, String)>,
}

impl FunctionSet {
    /// That of this program.
    pub fn embedded() -> Self {
        let files = FILES.iter().map(|(name, sql)| ((*name).to_owned(), (*sql).to_owned())).collect();
        let edition = i32::try_from(EDITIONS.lines().count()).unwrap_or(i32::MAX);
        Self { edition, oldest_served: OLDEST_SERVED, files }
    }

    fn names(&self) -> Vec<&str> {
        self.files.iter().map(|(name, _)| name.as_str()).collect()
    }
}

/// What a database says of the functions it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Installed {
    /// 0 where it has none.
    pub edition: i32,
    pub oldest_served: i32,
}

impl Installed {
    /// Whether a newer program has installed them: they must be left alone.
    pub fn is_newer_than(self, set: &FunctionSet) -> bool {
        self.edition > set.edition
    }

    /// Whether a program with that set can work with these functions.
    pub fn serves(self, set: &FunctionSet) -> bool {
        set.edition >= self.oldest_served
    }
}

/// Creates the functions of which the database has none of that name, so that triggers can call them; no program does yet.
/// What needs a type of a later migration is left out. [`apply`] replaces all of them.
pub(super) async fn add(transaction: &mut Transaction<'_>, set: &FunctionSet) -> Result<(), Error> {
    transaction.batch_execute("set local check_function_bodies = off").await?;
    let lacking = "select name from unnest($1::text[]) name
                   where not exists (select from pg_proc p where p.proname = name
                                     and p.pronamespace = to_regnamespace(current_schema()))";
    let lacking = transaction.query(lacking, &[&set.names()]).await?;
    let lacks = |name: &str| lacking.iter().any(|row| row.get::<_, &str>(0) == name);
    for (_, sql) in set.files.iter().filter(|(name, _)| lacks(name)) {
        let attempt = transaction.transaction().await?;
        match attempt.batch_execute(sql).await {
            Ok(()) => attempt.commit().await?,
            Err(error) if error.code() == Some(&SqlState::UNDEFINED_OBJECT) => attempt.rollback().await?,
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Which set the database has.
pub(super) async fn installed(client: &Client) -> Result<Installed, Error> {
    let row = client.query_opt("select edition, oldest_served from function_set", &[]).await?;
    Ok(row.map_or(Installed { edition: 0, oldest_served: 0 }, |row| Installed {
        edition: row.get(0),
        oldest_served: row.get(1),
    }))
}

/// Replaces the functions whose files have changed and drops those whose file is gone, all or none; the names of the
/// files that were applied. The caller holds the migration lock and has made sure that the database has no newer set.
pub(super) async fn apply(client: &mut Client, set: &FunctionSet) -> Result<Vec<String>, Error> {
    let transaction = client.transaction().await?;
    // Functions in SQL may name others that come later in the alphabet.
    transaction.batch_execute("set local check_function_bodies = off").await?;
    let changed = differing(&transaction, set).await?;
    let gone = "delete from function_files where name <> all ($1) returning name";
    for row in transaction.query(gone, &[&set.names()]).await? {
        drop_function(&transaction, row.get(0)).await?;
    }
    for (name, sql) in &changed {
        drop_function(&transaction, name).await?;
        transaction.batch_execute(sql).await?;
        let record = "insert into function_files (name, content_hash) values ($1, $2)
                      on conflict (name) do update set content_hash = excluded.content_hash, applied_at = now()";
        transaction.execute(record, &[name, &hash(sql)]).await?;
    }
    let record = "insert into function_set (edition, oldest_served) values ($1, $2)
                  on conflict (is_only) do update
                  set edition = excluded.edition, oldest_served = excluded.oldest_served, applied_at = now()
                  where (function_set.edition, function_set.oldest_served) <> ($1, $2)";
    transaction.execute(record, &[&set.edition, &set.oldest_served]).await?;
    transaction.commit().await?;
    Ok(changed.into_iter().map(|(name, _)| name.clone()).collect())
}

/// The files that the database lacks: of an older set all that differ, else those of which it has no edition at all. In
/// a set of the same edition another text is no lack: while functions are developed, the program that started last
/// decides.
pub(super) async fn missing(client: &Client, set: &FunctionSet) -> Result<Vec<String>, Error> {
    if installed(client).await?.edition < set.edition {
        let differing = differing(client, set).await?;
        return Ok(differing.into_iter().map(|(name, _)| name.clone()).collect());
    }
    let missing =
        "select name from unnest($1::text[]) name where name not in (select name from function_files)";
    Ok(client.query(missing, &[&set.names()]).await?.iter().map(|row| row.get(0)).collect())
}

/// The files that the database does not have in this form.
async fn differing<'a>(
    client: &(impl GenericClient + Sync),
    set: &'a FunctionSet,
) -> Result<Vec<&'a (String, String)>, Error> {
    let rows = client.query("select name, content_hash from function_files", &[]).await?;
    let is_current = |name: &str, hash: &[u8]| {
        rows.iter().any(|row| row.get::<_, &str>(0) == name && row.get::<_, &[u8]>(1) == hash)
    };
    Ok(set.files.iter().filter(|(name, sql)| !is_current(name, &hash(sql))).collect())
}

/// Drops a function with every parameter list it has, so that neither another result type nor a former parameter list
/// is in the way of the new one. Nothing else in the database refers to our functions.
async fn drop_function(transaction: &Transaction<'_>, name: &str) -> Result<(), Error> {
    let signatures = "select oid::regprocedure::text from pg_proc
                      where proname = $1 and pronamespace = to_regnamespace(current_schema())";
    for row in transaction.query(signatures, &[&name]).await? {
        // A statement of this kind takes no parameters; the server itself has quoted the signature.
        transaction.batch_execute(&format!("drop function {}", row.get::<_, &str>(0))).await?;
    }
    Ok(())
}

fn hash(sql: &str) -> Vec<u8> {
    Sha256::digest(sql.as_bytes()).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_defines_the_function_it_is_named_for_and_can_be_applied_again() {
        for (name, sql) in FILES {
            let defined: Vec<&str> = sql.lines().filter(|line| line.starts_with("create")).collect();
            let [definition] = defined.as_slice() else { panic!("{name} defines {defined:?}") };
            assert!(definition.starts_with(&format!("create or replace function {name}(")), "{definition}");
        }
    }

    #[test]
    fn no_file_is_forgotten() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/functions");
        let mut found: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap().replace(".sql", ""))
            .collect();
        found.sort();
        assert_eq!(found, FunctionSet::embedded().names());
    }

    /// Two programs with different functions have different editions, so that the older one leaves the newer one's
    /// alone.
    #[test]
    fn a_change_of_a_file_appends_an_edition() {
        let mut digest = Sha256::new();
        for (name, sql) in FILES {
            digest.update(name.as_bytes());
            digest.update(hash(sql));
        }
        let found = hex::encode(digest.finalize());
        let editions: Vec<(usize, &str)> = EDITIONS
            .lines()
            .map(|line| line.split_once(' ').unwrap())
            .map(|(number, fingerprint)| (number.parse().unwrap(), fingerprint))
            .collect();
        assert!(
            editions.last().is_some_and(|(_, fingerprint)| *fingerprint == found),
            "append to migrations/function_editions.txt:\n{} {found}",
            editions.len() + 1
        );
        let numbers: Vec<usize> = editions.iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers, (1..=editions.len()).collect::<Vec<_>>());
        assert!(OLDEST_SERVED >= 1 && OLDEST_SERVED <= FunctionSet::embedded().edition);
    }
}
