//! Schema tests on a real PostgreSQL: enums match their CHECK constraints, foreign keys have indexes, and each decision
//! is made in one place in SQL.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use fte::domain::customers::linking::LinkingNotice;
use fte::domain::enums::{VOCABULARIES, console};
use fte::domain::knowledge::Dimensions;
use tokio_postgres::Client;

use crate::support::postgres::{client, fresh_database};

/// The columns of each enum of `domain::enums`, and of those defined elsewhere.
const COLUMNS: &[(&str, &[&str])] = &[
    (
        "Channel",
        &[
            "agent_metrics.channel",
            "attachments.channel",
            "channel_configs.channel",
            "channel_cursors.channel",
            "conversations.channel",
            "deliveries.channel",
            "feed_notices.channel",
            "messages.channel",
            "sender_rates.channel",
            "staff_drafts.channel",
        ],
    ),
    ("IdentifierKind", &["customer_identifiers.kind", "deliveries.to_kind", "messages.identifier_kind"]),
    ("Authentication", &["message_emails.authentication"]),
    ("Unanswered", &["message_emails.reason"]),
    ("TicketStatus", &["messages.accepted_status", "staff_messages.status_before", "tickets.status"]),
    ("ConversationStatus", &["conversations.status"]),
    ("Category", &["tickets.category"]),
    ("Priority", &["tickets.priority"]),
    ("Role", &["messages.role"]),
    ("MessageKind", &["messages.kind"]),
    ("DeliveryState", &["deliveries.state"]),
    ("FailureCause", &["deliveries.cause", "delivery_failures.cause"]),
    ("AttachmentState", &["attachments.state"]),
    ("ChallengeState", &["link_challenges.state"]),
    ("Outcome", &["agent_metrics.outcome", "turns.outcome"]),
    ("Reason", &["conversations.reason", "escalations.reason"]),
    (
        "Severity",
        &[
            "conversations.severity",
            "escalation_reminders.severity",
            "escalations.severity",
            "sla_targets.severity",
        ],
    ),
    ("TurnState", &["turns.state"]),
    ("FeedbackVerdict", &["message_feedback.verdict"]),
    ("ProposalOp", &["knowledge_proposals.op", "knowledge_revisions.op"]),
    ("ProposalState", &["knowledge_proposals.state"]),
    ("RunState", &["knowledge_proposals.run_state"]),
    ("StaffChangeKind", &["staff_events.kind"]),
    ("WatchCause", &["staff_events.cause"]),
    ("PresenceState", &["staff_presences.state"]),
    ("BulkAction", &["bulk_operations.action"]),
    ("SideMessageState", &["side_messages.state"]),
    ("WebhookEvent", &["webhook_deliveries.type"]),
    ("WebhookState", &["webhook_deliveries.state"]),
    // Computed, or named in requests.
    ("TakeOverResult", &[]),
    ("ReplayVerdict", &[]),
    ("ReplayPart", &[]),
    ("DeskQueue", &[]),
    ("QueueOrder", &[]),
    ("ParticipantRole", &[]),
    ("AddressProof", &[]),
    ("SearchKind", &[]),
    ("ReplyAuthor", &[]),
    ("SummaryKind", &[]),
    ("ResolutionKind", &[]),
    ("ReportKind", &["report_mails.kind", "reports.kind"]),
    ("StaffRole", &["staff.role"]),
    // A set of them in one column, whose constraint is another one.
    ("AccessScope", &[]),
    ("LinkingNotice", &["turns.link"]),
    ("Dimensions", &["embedding_indexes.dimensions"]),
    // Only the database needs it: set_clocks.
    ("clocks", &["conversation_clocks.state"]),
    // Follows from the role and has no type.
    ("direction", &["messages.direction", "side_messages.direction"]),
];

/// Every `CHECK (column IN (...))`: the column and its values.
const CHECKS: &str = "
    select c.conrelid::regclass || '.' || a.attname, pg_get_constraintdef(c.oid)
    from pg_constraint c
    join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
    where c.contype = 'c' and c.connamespace = 'public'::regnamespace and cardinality(c.conkey) = 1
      and pg_get_constraintdef(c.oid) like '%= ANY (ARRAY[%'";

/// Foreign keys whose columns are not the leading columns of any index. One that leaves out nulls is enough: a key that is
/// looked up has a value.
const UNINDEXED: &str = "
    select c.conrelid::regclass || ' ' || pg_get_constraintdef(c.oid)
    from pg_constraint c
    where c.contype = 'f' and c.connamespace = 'public'::regnamespace
      and not exists (
          select from pg_index i
          where i.indrelid = c.conrelid and i.indisvalid
            and (i.indpred is null
                 or pg_get_expr(i.indpred, i.indrelid) = '(' || pg_get_indexdef(i.indexrelid, 1, true) || ' IS NOT NULL)')
            and (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey)
    order by 1";

type Vocabulary = BTreeSet<String>;

fn expected() -> BTreeMap<String, Vocabulary> {
    let mut words: BTreeMap<&str, Vocabulary> = VOCABULARIES
        .iter()
        .chain(console::VOCABULARIES)
        .map(|(name, words)| (*name, words.iter().map(|word| (*word).to_owned()).collect()))
        .collect();
    words.insert(
        "LinkingNotice",
        LinkingNotice::ALL.iter().map(|notice| notice.as_str().to_owned()).collect(),
    );
    let dimensions = [Dimensions::D384, Dimensions::D1536];
    words.insert("Dimensions", dimensions.iter().map(|dimensions| dimensions.count().to_string()).collect());
    words.insert("direction", ["inbound", "outbound"].map(str::to_owned).into());
    words.insert("clocks", ["running", "waiting", "stopped"].map(str::to_owned).into());
    let listed: BTreeSet<&str> = COLUMNS.iter().map(|(name, _)| *name).collect();
    assert_eq!(words.keys().copied().collect::<BTreeSet<_>>(), listed, "a vocabulary without a column");
    COLUMNS
        .iter()
        .flat_map(|(name, columns)| columns.iter().map(|column| ((*column).to_owned(), words[name].clone())))
        .collect()
}

async fn checked(client: &Client) -> BTreeMap<String, Vocabulary> {
    let rows = client.query(CHECKS, &[]).await.unwrap();
    rows.iter().map(|row| (row.get(0), values(row.get(1)))).collect()
}

/// Parses `CHECK ((kind = ANY (ARRAY['email'::text, 'phone'::text])))`.
fn values(definition: &str) -> Vocabulary {
    let (_, list) = definition.split_once("ARRAY[").unwrap();
    let (list, _) = list.split_once(']').unwrap();
    let value = |item: &str| item.split("::").next().unwrap().trim_matches('\'').to_owned();
    list.split(", ").map(value).collect()
}

#[tokio::test]
async fn every_closed_vocabulary_is_that_of_its_check_constraints() {
    let url = fresh_database().await;
    let client = client(&url).await;
    assert_eq!(checked(&client).await, expected());

    // The test detects an additional value, and a constraint without an enum.
    let changes = [
        "alter table tickets drop constraint tickets_priority_check,
            add constraint tickets_priority_check check (priority in ('low', 'medium', 'high', 'urgent'))",
        "alter table tickets drop constraint tickets_priority_check",
        "alter table customers add column mood text check (mood in ('good', 'bad'))",
    ];
    for change in changes {
        client.batch_execute(change).await.unwrap();
        assert_ne!(checked(&client).await, expected(), "{change}");
    }
}

#[tokio::test]
async fn every_foreign_key_has_an_index() {
    let url = fresh_database().await;
    let client = client(&url).await;
    assert_eq!(unindexed(&client).await, Vec::<String>::new());

    // Neither a partial index nor one with the column in second place is enough.
    let change = "drop index turns_conversation;
                  create index on turns (conversation_id) where outcome is not null;
                  create index on turns (owner, conversation_id)";
    client.batch_execute(change).await.unwrap();
    let found = unindexed(&client).await;
    assert_eq!(found, ["turns FOREIGN KEY (conversation_id) REFERENCES conversations(id)"]);
}

async fn unindexed(client: &Client) -> Vec<String> {
    client.query(UNINDEXED, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
}

/// SQL conditions that decide something, and the only files that may contain them.
const DECISIONS: &[(&str, &[&str])] = &[
    ("epoch + 1", &["begin_turns.sql", "fence.sql"]),
    ("set ended_at", &["end_unfinished_turns.sql"]),
    ("lease_owner = null", &["fence.sql", "finish_turns.sql", "release_leases.sql"]),
    ("'fte.tickets.incoming'", &["append_to_outbox.sql", "lease_outbox.sql"]),
    ("opted_out_at is not null", &["opt_outs.sql"]),
    ("order by t.number", &[]),
    ("max(t.number)", &[]),
    ("* 0.6", &["blend_sentiment.sql"]),
    ("* 0.4", &["blend_sentiment.sql"]),
    // Limits are constants of `domain` and are passed as parameters.
    (">= 3", &[]),
    (">= 5", &[]),
    ("10 minutes", &[]),
    ("24 hours", &[]),
    ("5 seconds", &[]),
];

#[test]
fn each_decision_is_made_in_one_place_in_sql() {
    let mut texts = Vec::new();
    for folder in
        ["migrations/functions", "src/crm/postgres", "src/crm/postgres/library", "src/crm/postgres/turns"]
    {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                texts.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    for (decision, files) in DECISIONS {
        let found: BTreeSet<&str> = texts
            .iter()
            .filter(|(_, text)| text.lines().any(|line| !line.starts_with("--") && line.contains(decision)))
            .map(|(name, _)| name.as_str())
            .collect();
        assert_eq!(found, files.iter().copied().collect(), "`{decision}`");
    }
}

/// PostgreSQL does not check SQL functions when they are created, because they may refer to later ones.
#[tokio::test]
async fn every_function_in_sql_refers_to_what_exists() {
    let url = fresh_database().await;
    let client = client(&url).await;
    client.batch_execute("set check_function_bodies = on").await.unwrap();
    for (name, sql) in fte::crm::functions::FunctionSet::embedded().files {
        client.batch_execute(&sql).await.unwrap_or_else(|error| panic!("{name}: {error:?}"));
    }
}
